import type { Environment } from "../../envs/environment.ts";
import { type Metric, metrics } from "../../stacks/metrics.ts";
import { readMetric } from "../aws/cloudwatch/read-metric.ts";
import { readQueueDepth } from "../aws/sqs/queue-depth.ts";
import { findQueueUrl } from "../aws/sqs/queue-url.ts";
import type { Context } from "../context.ts";
import { type Activity, readActivity } from "./activity.ts";
import { MINUTE_MS } from "../../checklist/durations.ts";

/** How the function does, from a certain time on. */
export interface Vitals extends Activity {
  /** Runs of the reconciler that failed. */
  readonly reconcilerErrors: number;
  /** Messages more in the dead-letter queue than there were. */
  readonly newDeadLetters: number;
  /** How long the oldest event waited for the function. */
  readonly eventAgeSeconds: number;
}

/** How to look at the function again. Either source may be out of reach while the other is not. */
export interface VitalSources {
  /** What CloudWatch counts. */
  readonly counted: () => Promise<Omit<Vitals, "newDeadLetters">>;
  readonly newDeadLetters: () => Promise<number>;
}

/** Where nothing has been seen yet. */
export const NO_VITALS: Vitals = {
  invocations: 0,
  events: 0,
  errors: 0,
  throttles: 0,
  reconcilerErrors: 0,
  eventAgeSeconds: 0,
  newDeadLetters: 0,
};

/**
 * Begins to watch. Nothing is asked before the first look.
 * @param since what was before does not count.
 * @param deadLettersThen how many messages were in the queue at that time; undefined for as many as the first look finds.
 */
export const startVitals = (
  context: Context,
  since: Date,
  deadLettersThen: number | undefined,
): VitalSources => {
  const { eventAge, reconcilerErrors } = metrics(context.environment);
  let deadLettersBefore = deadLettersThen;
  // CloudWatch counts by whole minutes: an event of the minute of a release may have waited for the version before.
  const from = new Date(Math.ceil(since.getTime() / MINUTE_MS) * MINUTE_MS);

  return {
    counted: async () => {
      // The minute that runs counts too.
      const to = new Date(context.clock.now().getTime() + MINUTE_MS);
      const read = async (metric: Metric, stat: "Sum" | "Maximum"): Promise<number> =>
        (to > from ? await readMetric(context, metric, stat, from, to) : undefined) ?? 0;
      return {
        ...(await readActivity(context, since)),
        eventAgeSeconds: (await read(eventAge, "Maximum")) / 1000,
        reconcilerErrors: await read(reconcilerErrors, "Sum"),
      };
    },
    newDeadLetters: async () => {
      const { waiting, inFlight } = await readQueueDepth(
        context.aws.sqs,
        await findQueueUrl(context),
        context.signal,
      );
      const now = waiting + inFlight;
      deadLettersBefore ??= now;
      return Math.max(0, now - deadLettersBefore);
    },
  };
};

type Limits = Environment["alarms"];

/** Each vital sign that is above the limit of its alarm, `errors 12 > 10`, and a function that mostly fails. Pure. */
export const findBreaches = (vitals: Vitals, limits: Limits): readonly string[] => [
  ...SIGNS.flatMap(({ name, value, limit }) =>
    value(vitals) > limit(limits) ? [`${name} ${value(vitals)} > ${limit(limits)}`] : [],
  ),
  ...(mostlyFails(vitals) ? [`${vitals.errors} of ${countInvocations(vitals)} invocations failed`] : []),
];

/**
 * An environment with few events never reaches the limits of the alarms, though nothing works. Fewer failures than three
 * may be one event that was tried three times by an older version and once by this.
 */
const mostlyFails = (vitals: Vitals): boolean =>
  vitals.errors >= MIN_FAILURES && 2 * vitals.errors >= countInvocations(vitals);

const MIN_FAILURES = 3;

/** CloudWatch may know of an error before it knows of the invocation. */
const countInvocations = ({ invocations, errors }: Vitals): number => Math.max(invocations, errors);

/** Nothing came that would prove anything. Pure. */
export const isIdle = ({ events, errors }: Vitals): boolean => events === 0 && errors === 0;

/** `invocations 12, errors 0, throttles 0, new dead letters 0, event age in seconds 1.5` */
export const describeVitals = (vitals: Vitals): string =>
  [`invocations ${vitals.invocations}`, ...SIGNS.map(({ name, value }) => `${name} ${value(vitals)}`)].join(
    ", ",
  );

/** The same words with the most that is allowed. */
export const describeLimits = (limits: Limits): string =>
  `at most ${SIGNS.map(({ name, limit }) => `${name} ${limit(limits)}`).join(", ")}, and fewer than ${MIN_FAILURES} failures or half of the invocations`;

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
  {
    name: "errors of the reconciler",
    value: ({ reconcilerErrors }) => reconcilerErrors,
    limit: ({ errorsPerHour }) => errorsPerHour,
  },
];
