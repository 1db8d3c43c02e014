import { readFile } from "node:fs/promises";
import { codeSha256 } from "../../build/code-sha256.ts";
import type { Environment } from "../../envs/environment.ts";
import { type Metric, metrics } from "../../stacks/metrics.ts";
import { type Check, inconclusive, judge, pass, skip } from "../../checklist/check.ts";
import { readMetric } from "../aws/cloudwatch/read-metric.ts";
import type { Context } from "../context.ts";
import { ObstacleError } from "../../checklist/errors.ts";
import { lazy } from "../../checklist/lazy.ts";
import { type Candidate, candidateChecks, describeDuration, findCandidate } from "./candidate.ts";
import { describeTime, describeWindows, isInWindow } from "./maintenance-window.ts";

/** What a release has to be like to be promoted. */
export interface PromotionCriteria {
  /** Where the release would go to, if that is said. */
  readonly target: Environment | undefined;
  /** The version to be promoted; undefined for the live one. */
  readonly version: string | undefined;
  readonly lookbackMs: number;
  readonly maxErrors: number;
  readonly maxThrottles: number;
  /** A path; undefined when the code does not matter. */
  readonly zip: string | undefined;
  readonly windowConfirmed: boolean;
  readonly idleAllowed: boolean;
}

/** The version is good enough to be shipped, and now is the time. */
export const promotionChecks = (context: Context, criteria: PromotionCriteria): readonly Check[] => {
  const { invocations, receivedEvents, errors, throttles } = metrics(context.environment);
  const candidate = findCandidate(context, criteria.version);
  // Of a version that is not live any more, the last of its time is judged.
  // One now for all of them, once AWS has said what time it is.
  const now = lazy(() => Promise.resolve(context.clock.now()));
  const count = (metric: Metric): CountEvents =>
    lazy(async () => {
      const { since, until = await now() } = await candidate();
      const from = new Date(Math.max(since.getTime(), until.getTime() - criteria.lookbackMs));
      return from < until ? readMetric(context, metric, "Sum", from, until) : undefined;
    });
  const invoked = count(invocations);
  return [
    ...candidateChecks(context, candidate, criteria.lookbackMs),
    activity(count(receivedEvents), criteria),
    atMost("Errors", count(errors), criteria.maxErrors, invoked, criteria),
    atMost("Throttles", count(throttles), criteria.maxThrottles, invoked, criteria),
    reconcilerErrors(context, candidate, criteria),
    ...(criteria.zip === undefined ? [] : [sameCode(context, criteria.zip, candidate)]),
    ...windowChecks(context, criteria),
  ];
};

/** Undefined when CloudWatch has no datapoint. */
type CountEvents = () => Promise<number | undefined>;

const activity = (events: CountEvents, { lookbackMs, idleAllowed }: PromotionCriteria): Check => ({
  title: `Events in the last ${describeDuration(lookbackMs)}`,
  run: async () => {
    const count = (await events()) ?? 0;
    if (count > 0) return pass(String(count), "some");
    return idleAllowed
      ? pass("none, which --allow-idle allows", "some, or none")
      : inconclusive("none; test invocations do not count", "some");
  },
});

const atMost = (
  title: string,
  count: CountEvents,
  max: number,
  invoked: CountEvents,
  { lookbackMs, idleAllowed }: PromotionCriteria,
): Check => ({
  title: `${title} in the last ${describeDuration(lookbackMs)}`,
  run: async () => {
    const expected = `at most ${max}`;
    const found = await count();
    if (found !== undefined) return judge(found <= max, String(found), expected);
    // With invocations there must be datapoints, of zero errors at least.
    const isIdle = ((await invoked()) ?? 0) === 0;
    return isIdle && idleAllowed ? pass("no datapoint", expected) : inconclusive("no datapoint", expected);
  },
});

/** Every release brings the reconciler, too. It runs by a schedule, whether events come or not. */
const reconcilerErrors = (
  context: Context,
  candidate: () => Promise<Candidate>,
  { lookbackMs, maxErrors }: PromotionCriteria,
): Check => ({
  title: `Reconciler's errors in the last ${describeDuration(lookbackMs)}`,
  run: async () => {
    const { everyMinutes } = context.environment.reconciler;
    if (everyMinutes * 60_000 > lookbackMs) return skip(`it runs every ${everyMinutes} min only`);
    const { since, until = context.clock.now() } = await candidate();
    const from = new Date(Math.max(since.getTime(), until.getTime() - lookbackMs));
    const expected = `at most ${maxErrors}`;
    const { reconcilerErrors: errors } = metrics(context.environment);
    const found = from < until ? await readMetric(context, errors, "Sum", from, until) : undefined;
    return found === undefined
      ? inconclusive("no datapoint: it has not run", expected)
      : judge(found <= maxErrors, String(found), expected);
  },
});

const sameCode = (context: Context, zip: string, candidate: () => Promise<Candidate>): Check => ({
  title: `Code of ${zip}`,
  run: async () => {
    const expected = await readCodeSha256(zip);
    const { number, codeSha256: found } = await candidate();
    return judge(
      found === expected,
      `CodeSha256 ${found} of version ${number} in ${context.environment.environment}`,
      `CodeSha256 ${expected}`,
    );
  },
});

/** @throws {ObstacleError} when there is no such zip. */
export const readCodeSha256 = async (zip: string): Promise<string> => {
  try {
    return codeSha256(await readFile(zip));
  } catch (error) {
    throw new ObstacleError(`${zip} cannot be read`, {
      hint: "Build dist/handler.zip",
      next: "npm run build",
      cause: error,
    });
  }
};

const windowChecks = (
  { clock }: Context,
  { target, windowConfirmed }: PromotionCriteria,
): readonly Check[] => {
  if (target === undefined || target.maintenanceWindows.length === 0) return [];
  return [
    {
      title: `Maintenance window of ${target.environment}`,
      run: () => {
        const now = clock.now();
        const { maintenanceWindows, region } = target;
        return Promise.resolve(
          judge(
            isInWindow(maintenanceWindows, now),
            describeTime(now, region),
            describeWindows(maintenanceWindows, region, now),
          ),
        );
      },
    },
    {
      title: "Maintenance window approved",
      run: () =>
        Promise.resolve(
          judge(windowConfirmed, windowConfirmed ? "confirmed" : "not confirmed", "--confirm-window"),
        ),
    },
  ];
};
