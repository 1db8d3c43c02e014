import { type Check, type Checklist, fail, pass } from "../../checklist/check.ts";
import { rightAccount } from "../checks/account.ts";
import { createEnvironmentCommand, type Run } from "../cli/command.ts";
import type { Context } from "../context.ts";
import { describeLimits, describeVitals, findBreaches, startVitals } from "../checks/vitals.ts";
import { parseMinutes, parseReason } from "../cli/option-parsers.ts";
import { rollbackSteps } from "./rollback.ts";

export const monitorCommand = (run: Run) =>
  createEnvironmentCommand({
    name: "monitor",
    summary: "watch for a while whether a release does well",
    description:
      "Looks every half minute at the errors and throttles since it began, the dead-letter queue and the age of the " +
      "events, and ends early, with exit code 1, when one is above the limit that its alarm has (envs/). Messages that " +
      "were in the queue before do not count. With --rollback it then rolls back as rollback does.",
    examples: [
      "monitor dev",
      "monitor prod --minutes 15",
      'monitor prod --minutes 5 --rollback --reason "release of March"',
    ],
  })
    .option("--minutes <minutes>", "how long", parseMinutes, 5)
    .option("--rollback", "roll back when a limit is exceeded")
    .option("--reason <text>", "said with the rollback, before what was exceeded", parseReason)
    .option("--dry-run", "with --rollback: say what would be done and change nothing")
    .action((environment, options) =>
      run({ command: "monitor", environment, options, plan: (context) => monitor(context, options) }),
    );

interface MonitorOptions {
  readonly minutes: number;
  readonly rollback?: true | undefined;
  readonly reason?: string | undefined;
}

const monitor = (context: Context, { minutes, rollback, reason }: MonitorOptions): Checklist => {
  let breach: string | undefined;
  const watch: Check = {
    title: `Within the limits for ${minutes} min`,
    dependent: true,
    run: async (progress) => {
      const { clock, signal, environment } = context;
      const start = clock.now();
      const readVitals = await startVitals(context, start);
      for (;;) {
        const vitals = await readVitals();
        const elapsedMs = clock.now().getTime() - start.getTime();
        const elapsed = round(Math.min(minutes, elapsedMs / MINUTE_MS));
        progress({ done: elapsed, total: minutes, text: `min, ${describeVitals(vitals)}` });
        const breaches = findBreaches(vitals, environment.alarms);
        if (breaches.length > 0) {
          breach = breaches.join(", ");
          return fail(`${breach} after ${elapsed} min`, describeLimits(environment.alarms));
        }
        if (elapsedMs >= minutes * MINUTE_MS)
          return pass(describeVitals(vitals), describeLimits(environment.alarms));
        await clock.wait(Math.min(POLL_MS, minutes * MINUTE_MS - elapsedMs), signal);
      }
    },
  };

  const fullReason = (): string =>
    [...(reason === undefined ? [] : [reason]), `monitor: ${breach ?? ""}`].join("; ");
  const reaction = rollbackSteps(context, { reason: fullReason }).map((check): Check => ({
    ...check,
    stage: check.stage ?? "rollback",
    afterFailure: true,
    skip: async () => (breach === undefined ? "no limit was exceeded" : check.skip?.()),
  }));
  return { checks: [rightAccount(context), watch, ...(rollback === true ? reaction : [])] };
};

const MINUTE_MS = 60 * 1000;
const POLL_MS = MINUTE_MS / 2;

const round = (minutes: number): number => Math.round(10 * minutes) / 10;
