import { GetFunctionEventInvokeConfigCommand } from "@aws-sdk/client-lambda";
import { isNotFound } from "../aws/explain-error.ts";
import { type Check, fail, judge } from "../../checklist/check.ts";
import type { Context } from "../context.ts";
import { readLiveAlias } from "../aws/lambda/alias.ts";
import { readReadiness } from "../aws/lambda/version.ts";

/** The function can run, its alias points at a version, and events that fail are parked. */
export const functionChecks = (context: Context): readonly Check[] => {
  const { aws, names, signal } = context;
  return [
    {
      title: "Function",
      run: async () => {
        const { state, lastUpdateStatus, reason } = await readReadiness(context);
        return judge(
          state === "Active" && lastUpdateStatus === "Successful",
          `State ${state}, LastUpdateStatus ${lastUpdateStatus}${reason === undefined ? "" : ` (${reason})`}`,
          "State Active, LastUpdateStatus Successful",
        );
      },
    },
    {
      title: `Alias ${names.aliasName}`,
      run: async () => {
        const { version, furtherVersions } = await readLiveAlias(context);
        const others = furtherVersions.length === 0 ? "" : ` and, for a share, ${furtherVersions.join(", ")}`;
        return judge(
          /^\d+$/.test(version) && others === "",
          `version ${version}${others}`,
          "one published version",
        );
      },
    },
    {
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
    },
  ];
};
