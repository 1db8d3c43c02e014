import { type Check, judge } from "../../checklist/check.ts";
import type { Context } from "../context.ts";
import { describeInvoked, invokeHandler } from "../../reconcile/invoke-handler.ts";
import { createTestEvent } from "../aws/lambda/test-event.ts";

/** A version answers a test event before it gets any real one. */
export const smokeInvocation = (context: Context, version: () => Promise<string>): Check => ({
  title: "Smoke invocation by number",
  run: async () => {
    const { aws, names, environment, clock, signal } = context;
    const qualifier = await version();
    const invoked = await invokeHandler(
      aws.lambda,
      { functionName: names.functionName, qualifier },
      createTestEvent(environment, clock.now()),
      signal,
    );
    return judge(
      invoked.kind === "answered",
      `version ${qualifier}: ${describeInvoked(invoked)}`,
      "success or ignored",
    );
  },
});
