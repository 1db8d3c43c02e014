import { type Metric, metrics } from "../../stacks/metrics.ts";
import { type Check, type Finding, judge } from "../../checklist/check.ts";
import { listAlarms } from "../aws/cloudwatch/alarms.ts";
import { readMetric } from "../aws/cloudwatch/read-metric.ts";
import { listAliases, readLiveAlias } from "../aws/lambda/alias.ts";
import { findLivePeriod } from "../aws/lambda/live-period.ts";
import type { Context } from "../context.ts";
import { readQueueDepth } from "../aws/sqs/queue-depth.ts";
import { findQueueUrl } from "../aws/sqs/queue-url.ts";
import { lazy } from "../../checklist/lazy.ts";
import { readActivity } from "./activity.ts";
import type { Baseline } from "./baseline.ts";
import { HOUR_MS } from "../../checklist/durations.ts";

/** A release that has just been made: only what has happened since counts. */
export interface JustReleased {
  /** When the alias was moved. */
  readonly since: () => Date;
  readonly baseline: FindBaseline;
}

type FindBaseline = () => Promise<Baseline>;

/** The function has neither failed nor been throttled: since the release, or in the last hour. */
export const noFailures = (context: Context, released?: JustReleased): readonly Check[] =>
  released === undefined ? noneInTheLastHour(context) : noneSince(context, released);

/** No event waits for someone to look at it, but for those that did before. */
export const noNewDeadLetters = (context: Context, baseline?: FindBaseline): Check => ({
  title: "Dead-letter queue",
  run: async () => {
    const { aws, signal } = context;
    const { waiting, inFlight } = await readQueueDepth(aws.sqs, await findQueueUrl(context), signal);
    const before = (await baseline?.())?.deadLetters ?? 0;
    return judge(
      waiting + inFlight <= before,
      `${waiting} messages${inFlight === 0 ? "" : ` and ${inFlight} in flight`}`,
      before === 0 ? "0 messages" : `at most ${before} messages, as before the release`,
    );
  },
});

/** Each alarm is there, and none is on, but for those that were before. */
export const alarmChecks = (context: Context, baseline?: FindBaseline): readonly Check[] => {
  const alarms = lazy(() => listAlarms(context));
  return [
    {
      title: "Alarms",
      run: async () => {
        const found = (await alarms()).map(({ name }) => name);
        const expected = Object.values(context.names.alarmNames);
        const missing = expected.filter((name) => !found.includes(name));
        return judge(
          missing.length === 0,
          missing.length === 0 ? `all ${expected.length}` : `${missing.join(", ")} missing`,
          `all ${expected.length}`,
        );
      },
    },
    {
      title: "Alarms in state ALARM",
      run: async () => {
        const on = (await alarms()).filter(({ state }) => state === "ALARM").map(({ name }) => name);
        const before = (await baseline?.())?.alarmsOn ?? [];
        return judge(
          on.every((name) => before.includes(name)),
          on.map((name) => (before.includes(name) ? `${name} (as before)` : name)).join(", ") || "none",
          before.length === 0 ? "none" : "none that was not on before the release",
        );
      },
    },
  ];
};

const noneSince = (context: Context, { since }: JustReleased): readonly Check[] => {
  const activity = lazy(() => readActivity(context, since()));
  return [
    {
      title: "Errors since the release",
      run: async () => judgeCount((await activity()).errors),
    },
    {
      title: "Throttles since the release",
      run: async () => judgeCount((await activity()).throttles),
    },
  ];
};

/** What went wrong before the live version was released says nothing of it, so the hour may be a shorter time. */
const noneInTheLastHour = (context: Context): readonly Check[] => {
  const { errors, throttles } = metrics(context.environment);
  const releasedAt = lazy(async () => {
    const live = await readLiveAlias(context);
    const since = findLivePeriod(live.version, live, await listAliases(context), context.names)?.since;
    const ageMs = context.clock.now().getTime() - (since?.getTime() ?? 0);
    return ageMs >= 0 && ageMs < HOUR_MS ? since : undefined;
  });
  const check = (metric: Metric, kind: "errors" | "throttles"): Check => ({
    title: `${metric.metricName} in the last hour`,
    run: async () => {
      const since = await releasedAt();
      if (since !== undefined)
        return judgeCount(
          (await readActivity(context, since))[kind],
          ` since the release at ${since.toISOString()}`,
        );
      const now = context.clock.now();
      const count = await readMetric(context, metric, "Sum", new Date(now.getTime() - HOUR_MS), now);
      return judgeCount(count ?? 0, count === undefined ? " (no datapoint)" : "");
    },
  });
  return [check(errors, "errors"), check(throttles, "throttles")];
};

const judgeCount = (count: number, note = ""): Finding => judge(count === 0, `${count}${note}`, "0");
