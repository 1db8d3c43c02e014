import { type Check, fail, judge, pass } from "../../checklist/check.ts";
import { ObstacleError } from "../../checklist/errors.ts";
import { lazy } from "../../checklist/lazy.ts";
import { listAliases, readLiveAlias } from "../aws/lambda/alias.ts";
import { describeTraffic, isWhole } from "../aws/lambda/alias-traffic.ts";
import { findLivePeriod } from "../aws/lambda/live-period.ts";
import { readReleaseHistory } from "../aws/lambda/release-history.ts";
import { readReadiness } from "../aws/lambda/version.ts";
import type { Context } from "../context.ts";
import { HOUR_MS } from "../../checklist/durations.ts";

/** The version that would be promoted, and when it was live. */
export interface Candidate {
  readonly number: string;
  readonly codeSha256: string;
  readonly since: Date;
  /** Undefined while it is live. */
  readonly until: Date | undefined;
  readonly isRolledBack: boolean;
  /** What else has traffic beside it, set by hand; undefined when nothing has. */
  readonly mixedWith: string | undefined;
}

/** @param version undefined for the live one. */
export const findCandidate = (context: Context, version: string | undefined): (() => Promise<Candidate>) =>
  lazy(async () => {
    const { names, environment } = context;
    const live = await readLiveAlias(context);
    const { number, codeSha256, publishedAt } = (await readReadiness(context, version ?? live.version))
      .version;
    const aliases = await listAliases(context);
    const period = findLivePeriod(number, live, aliases, names);
    if (period === undefined)
      throw new ObstacleError(
        `version ${number} was never live in ${environment.environment}, according to its aliases, so nothing can be said about it`,
        { hint: "Judge a version that was live", next: `npm run ops -- status ${environment.environment}` },
      );
    return {
      number,
      codeSha256,
      since: period.since ?? new Date(publishedAt),
      until: period.until,
      isRolledBack: readReleaseHistory(aliases, names).rollbackOf(number) !== undefined,
      mixedWith: number === live.version && !isWhole(live) ? describeTraffic(live) : undefined,
    };
  });

/** A version that was live a minute has not been stable for a day, however few errors the day has seen. */
export const candidateChecks = (
  { clock }: Context,
  candidate: () => Promise<Candidate>,
  lookbackMs: number,
): readonly Check[] => [
  {
    title: "Version to be promoted",
    run: async () => {
      const { number, until, isRolledBack, mixedWith } = await candidate();
      // The numbers are of all that the alias invokes.
      if (mixedWith !== undefined) return fail(mixedWith, "a version that has all of the traffic");
      if (until === undefined) return pass(`version ${number}, live`);
      return isRolledBack
        ? fail(
            `version ${number}, which was rolled back at ${until.toISOString()}`,
            "a version that was not rolled back",
          )
        : pass(`version ${number}, live until ${until.toISOString()}`);
    },
  },
  {
    title: `Live for ${describeDuration(lookbackMs)}`,
    run: async () => {
      const { since, until } = await candidate();
      const liveMs = (until ?? clock.now()).getTime() - since.getTime();
      const found = `live ${until === undefined ? "since" : "from"} ${since.toISOString()}`;
      const passesAt = new Date(since.getTime() + lookbackMs).toISOString();
      return judge(
        liveMs >= lookbackMs,
        until !== undefined
          ? `${found} to ${until.toISOString()}`
          : liveMs >= lookbackMs
            ? found
            : `${found}: passes at ${passesAt}`,
        `at least ${describeDuration(lookbackMs)}`,
      );
    },
  },
];

export const describeDuration = (milliseconds: number): string =>
  milliseconds % HOUR_MS === 0 ? `${milliseconds / HOUR_MS} h` : `${milliseconds / (HOUR_MS / 60)} min`;
