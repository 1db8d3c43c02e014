import { lazy } from "../../checklist/lazy.ts";
import { visibleText } from "../../checklist/visible.ts";
import type { Checklist, Result, Stage } from "../../checklist/stage.ts";
import { readLiveAlias } from "../aws/lambda/alias.ts";
import { recordOf } from "../aws/lambda/live-period.ts";
import { readReadiness } from "../aws/lambda/version.ts";
import { rightAccount } from "../checks/account.ts";
import { describeMoveByOthers } from "../checks/moved-by-others.ts";
import { readCodeSha256 } from "../checks/promotion.ts";
import { type WatchVerdict, watchRelease } from "../checks/watch.ts";
import { declareEnvironmentCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { parseMinutes, parseReason } from "./option-parsers.ts";
import { rollbackStage } from "../checks/rollback-stage.ts";

export const monitor = declareEnvironmentCommand({
  name: "monitor",
  summary: "watch a release for some minutes",
  description:
    "Checks twice a minute what has happened since the release, or, if the release is more than an hour old, " +
    "since the command started: errors, throttles, new dead letters and the age of events.\n\n" +
    "Stops with exit code 1 as soon as one of them exceeds the limit of its alarm (envs/), or if at least three " +
    "invocations failed and they are at least half of all. With --rollback it then rolls back, unless someone " +
    "already has, or another version is live by then.\n\n" +
    "While CloudWatch or the queue cannot be reached or throttles, the other is still judged, and it tries again at each look. Where " +
    "AWS refuses the credentials, or they may not read one of them, it ends at once: nothing could be proved.\n\n" +
    "If no event arrives, if the function is gone, or if the last look could not see everything, the result is " +
    "inconclusive (exit code 3).",
  examples: [
    "monitor dev",
    "monitor prod --minutes 15",
    'monitor prod --minutes 5 --rollback --reason "release of March"',
  ],
  options: (command) =>
    command
      .option("--minutes <minutes>", "how long", parseMinutes, 5)
      .option("--rollback", "roll back when a limit is exceeded")
      .option("--allow-idle", "accept that no event arrives")
      .option("--zip <file>", "roll back only if the live version has this code")
      .option("--reason <text>", "the first part of the rollback's reason", parseReason)
      .option("--dry-run", "with --rollback: say what would change, and change nothing"),
  plan: (context, options) => watchOver(context, options),
});

interface MonitorOptions {
  readonly minutes: number;
  readonly allowIdle?: boolean | undefined;
  readonly rollback?: true | undefined;
  readonly zip?: string | undefined;
  readonly reason?: string | undefined;
}

const watchOver = (
  context: Context,
  { minutes, allowIdle = false, rollback, zip, reason }: MonitorOptions,
): Checklist => {
  const { check: watch, verdict, version } = watchRelease(context, { minutes, idleAllowed: allowIdle });
  const breach = (): string | undefined => {
    const reached = verdict();
    return reached?.kind === "breach" ? reached.what : undefined;
  };
  const fullReason = (): string =>
    [...(reason === undefined ? [] : [reason]), `monitor: ${breach() ?? ""}`].join("; ");
  // Asked once, before the alias moves: afterwards it tells of this command's own rollback.
  const findReasonToStay = lazy(() => findWhyThereIsNothingToRollBack(context, zip, version()));
  const reaction: Stage = {
    ...rollbackStage(context, { reason: fullReason }),
    title: "rollback",
    skip: async () => describeNoBreach(verdict()) ?? (await findReasonToStay()),
  };
  return {
    // The rollback is there for the case that the watch failed.
    runs: "all",
    checks: [
      { runs: "until-failure", checks: [rightAccount(context), watch] },
      ...(rollback === true ? [reaction] : []),
    ],
    result: () => describeVerdict(verdict()),
  };
};

const findWhyThereIsNothingToRollBack = async (
  context: Context,
  zip: string | undefined,
  watched: string | undefined,
): Promise<string | undefined> => {
  const live = await readLiveAlias(context);
  const record = recordOf(live);
  if (record?.action === "rollback")
    return `version ${live.version} was rolled back to already, at ${record.at.toISOString()}`;
  const moved = watched === undefined ? undefined : await describeMoveByOthers(context, watched);
  if (moved !== undefined || zip === undefined) return moved;
  const { codeSha256 } = (await readReadiness(context, live.version)).version;
  return codeSha256 === (await readCodeSha256(zip))
    ? undefined
    : `version ${live.version} is live, which is not the code of ${zip}`;
};

/** Why there is no breach to roll back for; undefined when there is one. */
const describeNoBreach = (verdict: WatchVerdict | undefined): string | undefined => {
  switch (verdict?.kind) {
    case undefined:
      return "the watch did not end, so nothing was judged";
    case "breach":
      return undefined;
    case "healthy":
      return "no limit was exceeded";
    case "idle":
      return "no event came, so nothing was judged";
    case "blind":
    case "gone":
      return "not everything could be seen, so it cannot be judged whether a limit was exceeded";
  }
};

const describeVerdict = (verdict: WatchVerdict | undefined): Result | undefined => {
  if (verdict === undefined) return undefined;
  return {
    data: { verdict: verdict.kind },
    text: describeLack(verdict),
  };
};

const describeLack = (verdict: WatchVerdict): string => {
  switch (verdict.kind) {
    case "idle":
      return `Idle: no event has come since ${verdict.since.toISOString()}. Nothing was proved.`;
    case "blind":
      return `Not proved: ${visibleText(verdict.why)}.`;
    case "gone":
      return `Not proved: ${verdict.what}.`;
    case "healthy":
    case "breach":
      return "";
  }
};
