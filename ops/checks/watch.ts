import { type Check, fail, pass } from "../../checklist/check.ts";
import { listAliases, readLiveAlias } from "../aws/lambda/alias.ts";
import { findLivePeriod, recordOf } from "../aws/lambda/live-period.ts";
import type { Context } from "../context.ts";
import { describeLimits, describeVitals, findBreaches, isIdle, startVitals } from "./vitals.ts";
import { HOUR_MS, MINUTE_MS } from "../../checklist/durations.ts";

/** What watching has come to. */
export type WatchVerdict =
  /** Events came, and went well. */
  | { readonly kind: "healthy" }
  /** Nothing came: nothing was proved. */
  | { readonly kind: "idle"; readonly since: Date }
  | { readonly kind: "breach"; readonly what: string };

export interface Watch {
  readonly check: Check;
  /** Undefined until the watch has ended, and when it could not look. */
  readonly verdict: () => WatchVerdict | undefined;
}

/** Looks every half minute whether what happens since the last release is within the limits of the alarms. */
export const watchRelease = (context: Context, minutes: number): Watch => {
  const { clock, signal, environment } = context;
  const limits = describeLimits(environment.alarms);
  let verdict: WatchVerdict | undefined;
  const check: Check = {
    title: `Within the limits for ${minutes} min`,
    run: async (progress) => {
      const start = clock.now();
      const { since, deadLetters } = await findBeginning(context, start);
      const readVitals = await startVitals(context, since, deadLetters);
      for (;;) {
        const vitals = await readVitals();
        const elapsedMs = clock.now().getTime() - start.getTime();
        const elapsed = round(Math.min(minutes, elapsedMs / MINUTE_MS));
        progress({ done: elapsed, total: minutes, text: `min, ${describeVitals(vitals)}` });
        const breaches = findBreaches(vitals, environment.alarms);
        if (breaches.length > 0) {
          verdict = { kind: "breach", what: breaches.join(", ") };
          return fail(`${verdict.what} after ${elapsed} min`, limits);
        }
        if (elapsedMs >= minutes * MINUTE_MS) {
          verdict = isIdle(vitals) ? { kind: "idle", since } : { kind: "healthy" };
          return pass(`${verdict.kind}: ${describeVitals(vitals)}`, limits);
        }
        await clock.wait(Math.min(POLL_MS, minutes * MINUTE_MS - elapsedMs), signal);
      }
    },
  };
  return { check, verdict: () => verdict };
};

interface Beginning {
  readonly since: Date;
  /** Messages in the dead-letter queue at that time; undefined when nobody counted. */
  readonly deadLetters: number | undefined;
}

/** What counts is what has happened since the release; when that is long past, what happens from now on. */
const findBeginning = async (context: Context, now: Date): Promise<Beginning> => {
  const live = await readLiveAlias(context);
  const since = findLivePeriod(live.version, live, await listAliases(context), context.names)?.since;
  if (since === undefined || since > now || now.getTime() - since.getTime() > HOUR_MS)
    return { since: now, deadLetters: undefined };
  return { since, deadLetters: recordOf(live)?.deadLetters };
};

const POLL_MS = MINUTE_MS / 2;

const round = (minutes: number): number => Math.round(10 * minutes) / 10;
