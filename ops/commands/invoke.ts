import { readFile } from "node:fs/promises";
import { judge } from "../../checklist/check.ts";
import type { Checklist } from "../../checklist/stage.ts";
import { rightAccount } from "../checks/account.ts";
import { declareEnvironmentCommand, DRY_RUN } from "../command.ts";
import type { Context } from "../context.ts";
import { OperatorError } from "../../checklist/errors.ts";
import { describeInvoked, type Invoked, invokeHandler } from "../../reconcile/invoke-handler.ts";
import { isObject } from "../../checklist/is-object.ts";
import { sourceOf } from "../aws/identity.ts";
import { createTestEvent } from "../aws/lambda/test-event.ts";
import { parseReason } from "./option-parsers.ts";

export const invoke = declareEnvironmentCommand({
  name: "invoke",
  summary: "invoke the live version and show its answer",
  description:
    "Invokes the alias and waits for the answer. The test event passes through the whole handler and changes " +
    "nothing, because its tenant does not exist. An event of your own is processed like any other; the row and the log say " +
    "that you sent it.",
  examples: ["invoke dev", "invoke dev --event event.json", "invoke dev --event - --json < event.json"],
  options: (command) =>
    command
      .option("--event <file>", "a JSON file to send instead of the test event; - reads standard input")
      .option("--reason <text>", "why; recorded in the audit line", parseReason)
      .option("--dry-run", DRY_RUN),
  plan: async (context, { event: file, reason }) =>
    file === undefined
      ? send(context, () => Promise.resolve(createTestEvent(context.environment, context.clock.now())))
      : sendOwn(context, await readEvent(file, context.readInput), reason),
});

/** Whatever it says of where it comes from: that it was sent now, and by whom, is told by the row and the log. */
const sendOwn = (context: Context, event: unknown, reason: string | undefined): Checklist =>
  send(
    context,
    async () => withSource(event, sourceOf(await context.identity())),
    async (invoked) => {
      context.audit({
        message: "Event sent by hand",
        by: (await context.identity()).arn,
        reason,
        eventId: isObject(event) ? event["id"] : undefined,
        answer: describeInvoked(invoked),
      });
    },
  );

/** What is no event stays as it is: the handler says what is wrong with it. */
const withSource = (event: unknown, source: string): unknown =>
  isObject(event) && isObject(event["detail"]) ? { ...event, detail: { ...event["detail"], source } } : event;

const send = (
  context: Context,
  makeEvent: () => Promise<unknown>,
  record: (invoked: Invoked) => Promise<void> = () => Promise.resolve(),
): Checklist => {
  const { aws, names } = context;
  let event: unknown;
  let invoked: Invoked | undefined;
  return {
    runs: "until-failure",
    checks: [
      rightAccount(context),
      {
        title: `Answer of ${names.aliasName}`,
        preview: async () => `send ${JSON.stringify(await makeEvent())}`,
        run: async () => {
          event = await makeEvent();
          const target = { functionName: names.functionName, qualifier: names.aliasName };
          invoked = await invokeHandler(aws.lambda, target, event);
          await record(invoked);
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
