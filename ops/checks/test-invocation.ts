import { paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { type Check, fail, judge, pass, skip } from "../../checklist/check.ts";
import type { Context } from "../context.ts";
import { describeInvoked, invokeHandler } from "../../reconcile/invoke-handler.ts";
import { createTestEvent } from "../aws/lambda/test-event.ts";

/**
 * The alias answers a test event, and nothing has gone wrong in the log group since.
 * @param since from when on the log counts; without it, from the invocation on.
 */
export const testInvocation = (context: Context, since?: () => Date): readonly Check[] => {
  const { aws, names, clock, environment, signal } = context;
  let invokedAt: Date | undefined;
  return [
    {
      title: "Test invocation",
      run: async () => {
        invokedAt = clock.now();
        const target = { functionName: names.functionName, qualifier: names.aliasName };
        const invoked = await invokeHandler(
          aws.lambda,
          target,
          createTestEvent(environment, invokedAt),
          signal,
        );
        return judge(invoked.kind === "answered", describeInvoked(invoked), "success or ignored");
      },
    },
    {
      title: `Log lines with ERROR since ${since === undefined ? "then" : "the release"}`,
      run: async () => {
        if (invokedAt === undefined) return skip("the function was not invoked");
        await clock.wait(LOG_DELAY_MS, signal);
        const found = await findErrorLines(context, since?.() ?? invokedAt);
        const [first] = found;
        return first === undefined
          ? pass("none", "none")
          : fail(`${found.length}, the first: ${first}`, "none");
      },
    },
  ];
};

/** What Lambda logs can be read some seconds later. */
const LOG_DELAY_MS = 5000;

const findErrorLines = async ({ aws, names, signal }: Context, since: Date): Promise<readonly string[]> => {
  const lines: string[] = [];
  for await (const { events = [] } of paginateFilterLogEvents(
    { client: aws.cloudWatchLogs },
    { logGroupName: names.logGroupName, startTime: since.getTime(), filterPattern: "ERROR" },
    { abortSignal: signal },
  ))
    lines.push(...events.map(({ message = "" }) => message.trim()).filter((line) => /\bERROR\b/.test(line)));
  return lines;
};
