import type { Environment } from "../../envs/environment.ts";
import { metrics } from "../../stacks/metrics.ts";
import type { Context } from "../context.ts";
import { readQueueDepth } from "../aws/sqs/queue-depth.ts";
import { findQueueUrl } from "../aws/sqs/queue-url.ts";
import { readMetric } from "../aws/cloudwatch/read-metric.ts";

/** How the function does, from a certain time on. */
export interface Vitals {
  readonly errors: number;
  readonly throttles: number;
  /** Messages more in the dead-letter queue than there were. */
  readonly newDeadLetters: number;
  /** How long the oldest event waited for the function. */
  readonly eventAgeSeconds: number;
}

/** Begins to watch: what waits in the dead-letter queue now does not count later. Each call of the result looks anew. */
export const startVitals = async (context: Context, start: Date): Promise<() => Promise<Vitals>> => {
  const { errors, throttles, eventAge } = metrics(context.environment);
  const queueUrl = await findQueueUrl(context);
  const countDeadLetters = async (): Promise<number> => {
    const { waiting, inFlight } = await readQueueDepth(context.aws.sqs, queueUrl, context.signal);
    return waiting + inFlight;
  };
  const deadLettersBefore = await countDeadLetters();
  // CloudWatch counts by whole minutes: the one of the start counts in full.
  const from = new Date(Math.floor(start.getTime() / MINUTE_MS) * MINUTE_MS);

  return async () => {
    // The minute that runs counts too.
    const to = new Date(context.clock.now().getTime() + MINUTE_MS);
    // No datapoint yet means that nothing has happened.
    return {
      errors: (await readMetric(context, errors, "Sum", from, to)) ?? 0,
      throttles: (await readMetric(context, throttles, "Sum", from, to)) ?? 0,
      newDeadLetters: Math.max(0, (await countDeadLetters()) - deadLettersBefore),
      eventAgeSeconds: ((await readMetric(context, eventAge, "Maximum", from, to)) ?? 0) / 1000,
    };
  };
};

const MINUTE_MS = 60 * 1000;

type Limits = Environment["alarms"];

/** Each vital sign that is above the limit of its alarm: `errors 12 > 10`. Pure. */
export const findBreaches = (vitals: Vitals, limits: Limits): readonly string[] =>
  SIGNS.flatMap(({ name, value, limit }) =>
    value(vitals) > limit(limits) ? [`${name} ${value(vitals)} > ${limit(limits)}`] : [],
  );

/** `errors 0, throttles 0, new dead letters 0, event age in seconds 1.5` */
export const describeVitals = (vitals: Vitals): string =>
  SIGNS.map(({ name, value }) => `${name} ${value(vitals)}`).join(", ");

/** The same words with the most that is allowed. */
export const describeLimits = (limits: Limits): string =>
  `at most ${SIGNS.map(({ name, limit }) => `${name} ${limit(limits)}`).join(", ")}`;

const SIGNS: readonly {
  readonly name: string;
  readonly value: (vitals: Vitals) => number;
  readonly limit: (limits: Limits) => number;
}[] = [
  { name: "errors", value: ({ errors }) => errors, limit: ({ errorsPerHour }) => errorsPerHour },
  {
    name: "throttles",
    value: ({ throttles }) => throttles,
    limit: ({ throttlesPerHour }) => throttlesPerHour,
  },
  {
    name: "new dead letters",
    value: ({ newDeadLetters }) => newDeadLetters,
    limit: ({ deadLetterMessages }) => deadLetterMessages,
  },
  {
    name: "event age in seconds",
    value: ({ eventAgeSeconds }) => eventAgeSeconds,
    limit: ({ eventAgeSeconds }) => eventAgeSeconds,
  },
];
