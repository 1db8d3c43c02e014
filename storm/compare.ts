import { formatTable } from "../checklist/table.ts";
import type { Outcome } from "./outcome.ts";

/** A figure of the same storm, simulated and in real time. */
export interface Compared {
  readonly figure: string;
  readonly simulated: number;
  readonly real: number;
  readonly agrees: boolean;
}

/** Retries are spread at random, and this machine has other work: what differs by less proves nothing. */
const TOLERANCE = 0.25;
/** Small counts differ by chance. */
const SLACK = 10;

/** Compares what does not depend on how fast this machine is. */
export const compare = (simulated: Outcome, real: Outcome): Compared[] =>
  (["events", "deadLetters", "handlerErrors", "ecsRequests", "dynamoDbRequestsPerEvent"] as const).map(
    (figure) => {
      const [one, other] = [simulated[figure], real[figure]];
      const difference = Math.abs(one - other);
      const agrees = difference <= Math.max(SLACK, TOLERANCE * Math.max(one, other));
      return { figure, simulated: one, real: other, agrees };
    },
  );

export const formatComparison = (compared: readonly Compared[]): string =>
  formatTable(
    ["figure", "simulated", "real time", ""],
    compared.map(({ figure, simulated, real, agrees }) => [
      figure,
      simulated,
      real,
      agrees ? "agrees" : "DIFFERS",
    ]),
    { figures: true },
  );
