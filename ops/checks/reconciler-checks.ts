import { isDeepStrictEqual } from "node:util";
import { GetScheduleCommand } from "@aws-sdk/client-scheduler";
import { type Check, fail, judge, pass } from "../../checklist/check.ts";
import { ObstacleError } from "../../checklist/errors.ts";
import { lazy } from "../../checklist/lazy.ts";
import { parseJson } from "../../checklist/parse-json.ts";
import { SCHEDULED_INPUT, scheduleExpression } from "../../stacks/schedule-definition.ts";
import { isNotFound } from "../aws/explain-error.ts";
import { readLiveAlias } from "../aws/lambda/alias.ts";
import { describeTraffic, isWhole } from "../aws/lambda/alias-traffic.ts";
import { checkReconciler } from "../aws/lambda/invoke-reconciler.ts";
import { ofReconciler } from "../aws/lambda/reconciler-context.ts";
import { readReadiness } from "../aws/lambda/version.ts";
import type { Context } from "../context.ts";
import { functionIsActive } from "./function-checks.ts";
import { describeApart, findReconcilerPlace } from "./reconciler-place.ts";
import { reconcilerRoleChecks } from "./role-checks.ts";
import { scheduleRoleChecks } from "./schedule-role.ts";

/**
 * The scheduled reconciler can run, is of the handler's release, and is called.
 * @param released after a deployment that has just been made.
 */
export const reconcilerChecks = (context: Context, released: boolean): readonly Check[] => {
  const reconciler = ofReconciler(context);
  return [
    { ...functionIsActive(reconciler), title: "Reconciler" },
    sameRelease(context),
    {
      title: "Reconciler's test invocation",
      run: async () => {
        const { isReady, description } = await checkReconciler(reconciler, context.names.aliasName);
        return judge(isReady, description, "ready");
      },
    },
    ...reconcilerRoleChecks(context, released),
    ...scheduleChecks(context),
    ...scheduleRoleChecks(context, released),
  ];
};

/** Both functions are one zip: their aliases are at the same code. */
const sameRelease = (context: Context): Check => ({
  title: "Reconciler's alias",
  run: async () => {
    const live = await readLiveAlias(context);
    const code = async (): Promise<string> => (await readReadiness(context, live.version)).version.codeSha256;
    const place = await findReconcilerPlace(context, code)();
    const expected = `one published version, with the code of the handler's version ${live.version}`;
    switch (place.kind) {
      case "absent":
        return fail(`there is none; deploy again`, expected);
      case "there":
        return pass(`version ${place.alias.version}`, expected);
      case "older-code":
        return judge(
          isWhole(place.alias),
          `${describeTraffic(place.alias)}: the handler's version ${live.version} is from before the reconciler`,
          expected,
        );
      case "elsewhere": {
        const { version } = place.alias;
        if (place.isSameCode)
          return pass(
            `version ${version}; ${place.target.number}, of the same code, is not released`,
            expected,
          );
        return fail(describeApart(context, live, place), expected);
      }
    }
  },
});

/** The schedule is on, and invokes the alias as it was deployed to. */
const scheduleChecks = ({ aws, names, environment, signal }: Context): readonly Check[] => {
  const { scheduleName, aliasArn, scheduleRoleArn } = names.reconciler;
  const schedule = lazy(() =>
    aws.scheduler
      .send(new GetScheduleCommand({ Name: scheduleName }), { abortSignal: signal })
      .catch((error: unknown) => {
        throw isNotFound(error) ? new ObstacleError("there is no such schedule", { cause: error }) : error;
      }),
  );
  return [
    {
      title: "Schedule",
      run: async () => {
        const { State = "unknown", ScheduleExpression = "never" } = await schedule();
        const expression = scheduleExpression(environment);
        return judge(
          State === "ENABLED" && ScheduleExpression === expression,
          `${State}, ${ScheduleExpression}`,
          `ENABLED, ${expression}`,
        );
      },
    },
    {
      title: "Schedule's target",
      run: async () => {
        const expected = describeTarget(aliasArn, scheduleRoleArn, JSON.stringify(SCHEDULED_INPUT));
        const { Target: target } = await schedule();
        const found = describeTarget(target?.Arn, target?.RoleArn, target?.Input);
        const isRight =
          target?.Arn === aliasArn &&
          target.RoleArn === scheduleRoleArn &&
          isDeepStrictEqual(parseJson(target.Input ?? ""), SCHEDULED_INPUT);
        return judge(isRight, found, expected);
      },
    },
  ];
};

const describeTarget = (arn = "nothing", role = "nobody", input = "nothing"): string =>
  `${arn} as ${role} with ${input}`;
