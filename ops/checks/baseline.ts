import { type Check, pass } from "../../checklist/check.ts";
import { lazy } from "../../checklist/lazy.ts";
import { listAlarms } from "../aws/cloudwatch/alarms.ts";
import { readQueueDepth } from "../aws/sqs/queue-depth.ts";
import { findQueueUrl } from "../aws/sqs/queue-url.ts";
import type { Context } from "../context.ts";

/** What was wrong before a release, and is therefore not the release's fault. */
export interface Baseline {
  readonly at: Date;
  readonly deadLetters: number;
  /** The names of the alarms in state ALARM. */
  readonly alarmsOn: readonly string[];
}

/** Looked up once, when first asked for: before the alias moves. */
export const startBaseline = (context: Context): (() => Promise<Baseline>) =>
  lazy(async () => {
    const { aws, clock, signal } = context;
    const { waiting, inFlight } = await readQueueDepth(aws.sqs, await findQueueUrl(context), signal);
    return {
      at: clock.now(),
      deadLetters: waiting + inFlight,
      alarmsOn: (await listAlarms(context)).filter(({ state }) => state === "ALARM").map(({ name }) => name),
    };
  });

/** Says it, so that a hotfix is not taken for the cause of what it cures. */
export const whatWasBefore = (baseline: () => Promise<Baseline>): Check => ({
  title: "Trouble before the release",
  run: async () => {
    const { deadLetters, alarmsOn } = await baseline();
    return pass(`${deadLetters} dead letters, alarms on: ${alarmsOn.join(", ") || "none"}`);
  },
});
