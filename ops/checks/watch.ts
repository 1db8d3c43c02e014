import { type Check, fail, inconclusive, pass } from "../../checklist/check.ts";
import { describeExplanation, ObstacleError } from "../../checklist/errors.ts";
import { findLiveAlias, listAliases } from "../aws/lambda/alias.ts";
import { explainAwsError, isRefused } from "../aws/explain-error.ts";
import { findLivePeriod, recordOf } from "../aws/lambda/live-period.ts";
import type { Context } from "../context.ts";
import {
  describeLimits,
  describeVitals,
  findBreaches,
  isIdle,
  NO_VITALS,
  startVitals,
  type VitalSources,
  type Vitals,
} from "./vitals.ts";
import { HOUR_MS, MINUTE_MS } from "../../checklist/durations.ts";

/** What watching has come to. */
export type WatchVerdict =
  /** Events came, and went well. */
  | { readonly kind: "healthy" }
  /** Nothing came: nothing was proved. */
  | { readonly kind: "idle"; readonly since: Date }
  /** The last look could not see all that has to be judged. */
  | { readonly kind: "blind"; readonly why: string }
  /** There is no function any more, or no alias. */
  | { readonly kind: "gone"; readonly what: string }
  | { readonly kind: "breach"; readonly what: string };

export interface Watch {
  readonly check: Check;
  /** Undefined until the watch has ended, and when it was interrupted or could not begin. */
  readonly verdict: () => WatchVerdict | undefined;
  /** The version that was live when the watch began; undefined until then. */
  readonly version: () => string | undefined;
}

export interface WatchOptions {
  readonly minutes: number;
  /** Whether it is all right that no event comes. */
  readonly idleAllowed: boolean;
}

/** Looks every half minute whether what happens since the last release is within the limits of the alarms. */
export const watchRelease = (context: Context, { minutes, idleAllowed }: WatchOptions): Watch => {
  const { clock, signal, environment, names } = context;
  const limits = describeLimits(environment.alarms);
  const gone = `${names.functionName} or its alias ${names.aliasName} is not there`;
  let verdict: WatchVerdict | undefined;
  let version: string | undefined;
  const check: Check = {
    title: `Within the limits for ${minutes} min`,
    run: async (progress) => {
      const start = clock.now();
      const elapsedMs = (): number => clock.now().getTime() - start.getTime();
      const elapsedMinutes = (): number => round(Math.min(minutes, elapsedMs() / MINUTE_MS));
      const isOver = (): boolean => elapsedMs() >= minutes * MINUTE_MS;
      const pause = (): Promise<void> =>
        clock.wait(Math.min(POLL_MS, minutes * MINUTE_MS - elapsedMs()), signal);
      let begun = await attempt("the function", () => begin(context, start));
      while (begun.trouble !== undefined && !begun.isRefused && !isOver()) {
        progress({ done: elapsedMinutes(), total: minutes, text: `min, ${begun.trouble}` });
        await pause();
        begun = await attempt("the function", () => begin(context, start));
      }
      if (begun.trouble !== undefined) {
        verdict = { kind: "blind", why: begun.trouble };
        return inconclusive(begun.trouble, limits);
      }
      if (begun.value === undefined) {
        verdict = { kind: "gone", what: gone };
        return inconclusive(`${gone}: nothing can be watched`, limits);
      }
      const { since, deadLetters } = begun.value;
      ({ version } = begun.value);
      const look = watchSources(context, startVitals(context, since, deadLetters));
      for (;;) {
        const { vitals, troubles, isRefused, isThere } = await look();
        const elapsed = elapsedMinutes();
        const seen = [describeVitals(vitals), ...troubles].join("; ");
        progress({ done: elapsed, total: minutes, text: `min, ${seen}` });
        const breaches = findBreaches(vitals, environment.alarms);
        if (breaches.length > 0) {
          verdict = { kind: "breach", what: breaches.join(", ") };
          return fail([`${verdict.what} after ${elapsed} min`, ...troubles].join("; "), limits);
        }
        if (!isThere) {
          verdict = { kind: "gone", what: gone };
          return inconclusive(`${gone} since ${elapsed} min after the start; before: ${seen}`, limits);
        }
        if (isRefused || isOver()) {
          if (troubles.length > 0) {
            verdict = { kind: "blind", why: troubles.join("; ") };
            const when = isRefused ? `not watched any longer than ${elapsed} min` : "at the end";
            return inconclusive(`${when}, ${seen}`, limits);
          }
          verdict = isIdle(vitals) ? { kind: "idle", since } : { kind: "healthy" };
          const found = `${verdict.kind}: ${describeVitals(vitals)}`;
          return verdict.kind === "idle" && !idleAllowed ? inconclusive(found, limits) : pass(found, limits);
        }
        await pause();
      }
    },
  };
  return { check, verdict: () => verdict, version: () => version };
};

/** What one look has seen. */
interface WatchLook {
  /** Where this look could not see, as the last one that could. */
  readonly vitals: Vitals;
  /** What could not be seen this time, and why. */
  readonly troubles: readonly string[];
  /** AWS would say no at each further look. */
  readonly isRefused: boolean;
  readonly isThere: boolean;
}

/** A source out of reach, or one that throttles, does not keep the others from being judged, nor the next look from asking it again. */
const watchSources = (
  context: Context,
  { counted, newDeadLetters }: VitalSources,
): (() => Promise<WatchLook>) => {
  let vitals = NO_VITALS;
  return async () => {
    const counts = await attempt("CloudWatch", counted);
    const letters = await attempt("the dead-letter queue", newDeadLetters);
    const alias = await attempt("the function", async () => (await findLiveAlias(context)) !== undefined);
    vitals = {
      ...vitals,
      ...counts.value,
      newDeadLetters: letters.value ?? vitals.newDeadLetters,
    };
    const attempts = [counts, letters, alias];
    return {
      vitals,
      troubles: attempts.flatMap(({ trouble }) => (trouble === undefined ? [] : [trouble])),
      isRefused: attempts.some((one) => one.isRefused),
      isThere: alias.value ?? true,
    };
  };
};

interface ReadAttempt<T> {
  readonly value: T | undefined;
  readonly trouble: string | undefined;
  readonly isRefused: boolean;
}

const attempt = async <T>(source: string, read: () => Promise<T>): Promise<ReadAttempt<T>> => {
  try {
    return { value: await read(), trouble: undefined, isRefused: false };
  } catch (error) {
    const explanation = error instanceof ObstacleError ? error : explainAwsError(error);
    if (explanation === undefined) throw error;
    return {
      value: undefined,
      trouble: `${source} could not be read (${describeExplanation(explanation)})`,
      isRefused: isRefused(error),
    };
  }
};

interface Beginning {
  /** The one that is live. */
  readonly version: string;
  readonly since: Date;
  /** Messages in the dead-letter queue at that time; undefined when nobody counted. */
  readonly deadLetters: number | undefined;
}

/**
 * What counts is what has happened since the release; when that is long past, what happens from now on.
 * @returns undefined when there is no function, or no alias.
 */
const begin = async (context: Context, now: Date): Promise<Beginning | undefined> => {
  const live = await findLiveAlias(context);
  if (live === undefined) return undefined;
  const { version } = live;
  const since = findLivePeriod(version, live, await listAliases(context), context.names)?.since;
  if (since === undefined || since > now || now.getTime() - since.getTime() > HOUR_MS)
    return { version, since: now, deadLetters: undefined };
  return { version, since, deadLetters: recordOf(live)?.deadLetters };
};

const POLL_MS = MINUTE_MS / 2;

const round = (minutes: number): number => Math.round(10 * minutes) / 10;
