import { readFile } from "node:fs/promises";
import { judge } from "../../checklist/check.ts";
import type { Checklist } from "../../checklist/stage.ts";
import { rightAccount } from "../checks/account.ts";
import { declareEnvironmentCommand, DRY_RUN } from "../command.ts";
import type { Context } from "../context.ts";
import { OperatorError } from "../../checklist/errors.ts";
import { describeInvoked, type Invoked, invokeHandler } from "../../reconcile/invoke-handler.ts";
import { createTestEvent } from "../aws/lambda/test-event.ts";

export const invoke = declareEnvironmentCommand({
  name: "invoke",
  summary: "invoke the live version and show its answer",
  description:
    "Invokes the alias and waits for the answer. The test event passes through the whole handler and changes " +
    "nothing, because its tenant does not exist. An event of your own is processed like any other.",
  examples: ["invoke dev", "invoke dev --event event.json", "invoke dev --event - --json < event.json"],
  options: (command) =>
    command
      .option("--event <file>", "a JSON file to send instead of the test event; - reads standard input")
      .option("--dry-run", DRY_RUN),
  plan: async (context, { event: file }) =>
    send(
      context,
      file === undefined
        ? createTestEvent(context.environment, context.clock.now())
        : await readEvent(file, context.readInput),
    ),
});

const send = (context: Context, event: unknown): Checklist => {
  const { aws, names } = context;
  let invoked: Invoked | undefined;
  return {
    runs: "until-failure",
    checks: [
      rightAccount(context),
      {
        title: `Answer of ${names.aliasName}`,
        preview: () => Promise.resolve(`send ${JSON.stringify(event)}`),
        run: async () => {
          const target = { functionName: names.functionName, qualifier: names.aliasName };
          invoked = await invokeHandler(aws.lambda, target, event);
          return judge(invoked.kind === "answered", describeInvoked(invoked), "success or ignored");
        },
      },
    ],
    result: () =>
      invoked === undefined
        ? undefined
        : {
            data: { event, ...invoked },
            text: JSON.stringify(invoked.kind === "answered" ? invoked.answer : invoked.error, null, 2),
          },
  };
};

const readEvent = async (file: string, readInput: () => Promise<string>): Promise<unknown> => {
  const source = file === "-" ? "the standard input" : file;
  let content: string;
  try {
    content = file === "-" ? await readInput() : await readFile(file, "utf8");
  } catch (error) {
    throw new OperatorError(`${source} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new OperatorError(`${source} is not JSON: ${messageOf(error)}`, { cause: error });
  }
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
