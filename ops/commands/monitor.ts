import { lazy } from "../../checklist/lazy.ts";
import type { Checklist, Result, Stage } from "../../checklist/stage.ts";
import { readLiveAlias } from "../aws/lambda/alias.ts";
import { recordOf } from "../aws/lambda/live-period.ts";
import { readReadiness } from "../aws/lambda/version.ts";
import { rightAccount } from "../checks/account.ts";
import { readCodeSha256 } from "../checks/promotion.ts";
import { type WatchVerdict, watchRelease } from "../checks/watch.ts";
import { declareEnvironmentCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { parseMinutes, parseReason } from "./option-parsers.ts";
import { rollbackStage } from "./rollback.ts";

export const monitor = declareEnvironmentCommand({
  name: "monitor",
  summary: "watch for a while whether a release does well",
  description:
    "Looks every half minute at what has happened since the release (or, an hour after it, since the command began): " +
    "errors, throttles, new dead letters and the age of the events. Ends early, with exit code 1, when one is above the " +
    "limit that its alarm has (envs/), or when at least three invocations failed and they are half or more of all. " +
    "With --rollback it then rolls back as rollback does, unless that has happened already. Without any event it ends " +
    "idle, with exit code 0: nothing was proved.",
  examples: [
    "monitor dev",
    "monitor prod --minutes 15",
    'monitor prod --minutes 5 --rollback --reason "release of March"',
  ],
  options: (command) =>
    command
      .option("--minutes <minutes>", "how long", parseMinutes, 5)
      .option("--rollback", "roll back when a limit is exceeded")
      .option("--zip <file>", "roll back only when this is the code that is live")
      .option("--reason <text>", "said with the rollback, before what was exceeded", parseReason)
      .option("--dry-run", "with --rollback: say what would be done and change nothing"),
  plan: (context, options) => watchOver(context, options),
});

interface MonitorOptions {
  readonly minutes: number;
  readonly rollback?: true | undefined;
  readonly zip?: string | undefined;
  readonly reason?: string | undefined;
}

const watchOver = (context: Context, { minutes, rollback, zip, reason }: MonitorOptions): Checklist => {
  const { check: watch, verdict } = watchRelease(context, minutes);
  const breach = (): string | undefined => {
    const reached = verdict();
    return reached?.kind === "breach" ? reached.what : undefined;
  };
  const fullReason = (): string =>
    [...(reason === undefined ? [] : [reason]), `monitor: ${breach() ?? ""}`].join("; ");
  // Asked once, before the alias moves: afterwards it tells of this command's own rollback.
  const findReasonToStay = lazy(() => findWhyThereIsNothingToRollBack(context, zip));
  const reaction: Stage = {
    ...rollbackStage(context, { reason: fullReason }),
    title: "rollback",
    skip: async () => (breach() === undefined ? "no limit was exceeded" : findReasonToStay()),
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
): Promise<string | undefined> => {
  const live = await readLiveAlias(context);
  const record = recordOf(live);
  if (record?.action === "rollback")
    return `version ${live.version} was rolled back to already, at ${record.at.toISOString()}`;
  if (zip === undefined) return undefined;
  const { codeSha256 } = (await readReadiness(context, live.version)).version;
  return codeSha256 === (await readCodeSha256(zip))
    ? undefined
    : `version ${live.version} is live, which is not the code of ${zip}`;
};

const describeVerdict = (verdict: WatchVerdict | undefined): Result | undefined => {
  if (verdict === undefined) return undefined;
  return {
    data: { verdict: verdict.kind },
    text:
      verdict.kind === "idle"
        ? `Idle: no event has come since ${verdict.since.toISOString()}. Nothing was proved.`
        : "",
  };
};
