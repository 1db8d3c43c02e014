import { GetFunctionEventInvokeConfigCommand } from "@aws-sdk/client-lambda";
import { isNotFound } from "../aws/explain-error.ts";
import { type Check, fail, judge, pass } from "../../checklist/check.ts";
import type { Context } from "../context.ts";
import { readLiveAlias } from "../aws/lambda/alias.ts";
import { describeTraffic, isWhole } from "../aws/lambda/alias-traffic.ts";
import type { Advice } from "../../checklist/errors.ts";
import { readReadiness } from "../aws/lambda/version.ts";

/** The function can run. */
export const functionIsActive = (context: Context): Check => ({
  title: "Function",
  run: async () => {
    const { state, lastUpdateStatus, reason } = await readReadiness(context);
    return judge(
      state === "Active" && lastUpdateStatus === "Successful",
      `State ${state}, LastUpdateStatus ${lastUpdateStatus}${reason === undefined ? "" : ` (${reason})`}`,
      "State Active, LastUpdateStatus Successful",
    );
  },
});

/** All events go to one version, which does not change under them. */
export const aliasIsAtOneVersion = (context: Context): Check => ({
  title: `Alias ${context.names.aliasName}`,
  run: async () => {
    const alias = await readLiveAlias(context);
    const expected = "one published version";
    return isWhole(alias)
      ? pass(describeTraffic(alias), expected)
      : { ...fail(describeTraffic(alias), expected), ...howToPutRight(context) };
  },
});

/** For an alias that somebody has changed by hand. */
export const howToPutRight = ({ environment: { environment } }: Context): Advice => ({
  hint: "Set by hand. Give all of it to the version that was released last, or release the newest",
  next: `npm run ops -- rollback ${environment} --reason "..."`,
});

/** Events that fail are parked. */
export const onFailureDestination = ({ aws, names, signal }: Context): Check => ({
  title: "On-failure destination",
  run: async () => {
    try {
      const { DestinationConfig } = await aws.lambda.send(
        new GetFunctionEventInvokeConfigCommand({
          FunctionName: names.functionName,
          Qualifier: names.aliasName,
        }),
        { abortSignal: signal },
      );
      const destination = DestinationConfig?.OnFailure?.Destination ?? "none";
      return judge(destination === names.deadLetterQueueArn, destination, names.deadLetterQueueArn);
    } catch (error) {
      if (isNotFound(error)) return fail("none", names.deadLetterQueueArn);
      throw error;
    }
  },
});
