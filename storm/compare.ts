import { formatTable } from "../checklist/table.ts";
import type { StormMeasurements } from "./measurements.ts";

/** A figure of a storm in real time, and the range in which simulations of it have it. */
export interface Compared {
  readonly figure: string;
  readonly simulated: readonly [least: number, most: number];
  readonly real: number;
  readonly agrees: boolean;
}

/** Simulations show some of the chance there is, not all of it, and this machine has other work. */
const TOLERANCE = 0.25;

/** Compares what does not depend on how fast this machine is. */
export const compareMeasurements = (
  simulated: readonly StormMeasurements[],
  real: StormMeasurements,
): Compared[] =>
  (["events", "deadLetters", "handlerErrors", "ecsRequests", "dynamoDbRequestsPerEvent"] as const).map(
    (figure) => {
      const figures = simulated.map((measured) => measured[figure]);
      const [least, most] = [Math.min(...figures), Math.max(...figures)];
      const slack = TOLERANCE * most;
      return {
        figure,
        simulated: [least, most],
        real: real[figure],
        agrees: real[figure] >= least - slack && real[figure] <= most + slack,
      };
    },
  );

export const formatComparison = (compared: readonly Compared[]): string =>
  formatTable(
    ["figure", "simulated", "real time", ""],
    compared.map(({ figure, simulated, real, agrees }) => [
      figure,
      simulated.join(" to "),
      real,
      agrees ? "agrees" : "DIFFERS",
    ]),
    { figures: true },
  );
