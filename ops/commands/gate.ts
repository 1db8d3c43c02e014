import type { Environment } from "../../envs/environment.ts";
import { listEnvironments, loadEnvironment } from "../../envs/load.ts";
import { rightAccount } from "../checks/account.ts";
import { type PromotionCriteria, promotionChecks } from "../checks/promotion.ts";
import { declareCommand } from "../command.ts";
import { OperatorError } from "../../checklist/errors.ts";
import { unknownName } from "../unknown-name.ts";
import { parseCount, parseLookback, parseVersion } from "./option-parsers.ts";
import { HOUR_MS } from "../../checklist/durations.ts";

export const gate = declareCommand({
  name: "gate",
  summary: "check that a release may be promoted",
  description:
    "Judges the version that is live in an environment, or the one that --version names, by the errors and " +
    "throttles in CloudWatch. The version must have been live for the whole lookback.\n\n" +
    "If the environment had no event, the result is inconclusive (exit code 3). Test invocations do not count as " +
    "events.\n\n" +
    "A preset takes its limits from envs/, compares the code of the version with the zip to ship, and checks the " +
    "maintenance windows of the target. Options override the preset. Use the credentials of the environment that " +
    "is judged.",
  examples: [
    "gate to-sit",
    "gate to-prod --confirm-window",
    "gate --from dev --lookback 1h --max-errors 10 --max-throttles 0 --allow-idle",
  ],
  parameters: (command) =>
    command
      .argument("[preset]", "where the release would go to, such as to-sit, to-prod")
      .option("--from <environment>", "the environment to judge")
      .option("--version <n>", "the version that would be promoted (default: the live one)", parseVersion)
      .option("--lookback <duration>", "how far to look back, such as 90m, 24h (default: 1h)", parseLookback)
      .option("--max-errors <count>", "the most errors (default: 10)", parseCount)
      .option("--max-throttles <count>", "the most throttles (default: 0)", parseCount)
      .option(
        "--zip <file>",
        "the zip to ship; the version must have the same code (presets: dist/handler.zip)",
      )
      .option("--confirm-window", "confirm that the promotion happens in an approved maintenance window")
      .option("--allow-idle", "accept an environment that had no event"),
  environment: (preset, options) => {
    const from = options.from ?? findTarget(preset)?.promotion?.from;
    if (from === undefined)
      throw new OperatorError("no environment to judge", {
        hint: "Name a preset, or an environment by --from",
        next: "npm run ops -- gate --help",
      });
    return from;
  },
  plan: (context, options, preset) => {
    const target = findTarget(preset);
    const promotion = target?.promotion;
    const criteria: PromotionCriteria = {
      target,
      version: options.version,
      lookbackMs: options.lookback ?? (promotion?.lookbackHours ?? 1) * HOUR_MS,
      maxErrors: options.maxErrors ?? promotion?.maxErrors ?? 10,
      maxThrottles: options.maxThrottles ?? promotion?.maxThrottles ?? 0,
      zip: options.zip ?? (target === undefined ? undefined : "dist/handler.zip"),
      windowConfirmed: options.confirmWindow ?? false,
      idleAllowed: options.allowIdle ?? false,
    };
    return {
      runs: "until-failure",
      checks: [rightAccount(context), { runs: "all", checks: promotionChecks(context, criteria) }],
    };
  },
});

/** Where a preset leads to; undefined without one. @throws {OperatorError} for one that there is not. */
const findTarget = (preset: string | undefined): Environment | undefined => {
  if (preset === undefined) return undefined;
  const names = listEnvironments().map((environment) => `to-${environment}`);
  if (!names.includes(preset)) throw unknownName("preset", preset, names);
  const target = loadEnvironment(preset.slice("to-".length));
  if (target.promotion === undefined)
    throw new OperatorError(`Nothing is promoted to ${target.environment}: releases start there`);
  return target;
};
