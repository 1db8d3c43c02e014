import { pass } from "../../checklist/check.ts";
import type { Checklist } from "../../checklist/stage.ts";
import { rightAccount } from "../checks/account.ts";
import { declareEnvironmentCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { byEventTime, firstOf, subjectOf } from "../dlq/dead-letter.ts";
import type { LetterFilter } from "../dlq/filter.ts";
import { FILTER_FLAGS, FILTER_HELP, parseFilterOption } from "../dlq/options.ts";
import type { HeldLetter } from "../dlq/read-letters.ts";
import { withHeldMessages } from "../dlq/with-held-messages.ts";
import { parsePositive } from "./option-parsers.ts";
import { formatTable } from "../../checklist/table.ts";

export const dlqPeek = declareEnvironmentCommand({
  name: "dlq peek",
  summary: "show messages without removing them",
  description:
    "Shows the messages in the dead-letter queue: the event, the service, who parked it and why, whether a replay " +
    "may help, and whether a replay would hold it back. While the command reads, the messages are hidden from other " +
    "readers; at its end it returns them all.",
  examples: ["dlq peek dev", "dlq peek prod --limit 50 --filter tenant=acme"],
  options: (command) =>
    command
      .option("--limit <n>", "how many messages to show", parsePositive, 10)
      .option(FILTER_FLAGS, FILTER_HELP, parseFilterOption),
  plan: (context, options) => peek(context, options),
});

interface PeekOptions {
  readonly limit: number;
  readonly filter?: LetterFilter | undefined;
}

const peek = (context: Context, { limit, filter = {} }: PeekOptions): Checklist => {
  let letters: readonly HeldLetter[] | undefined;
  return {
    runs: "until-failure",
    checks: [
      rightAccount(context),
      {
        title: context.names.deadLetterQueueName,
        run: async (progress) => {
          await withHeldMessages(context, { limit, filter }, progress, ({ reading }) => {
            letters = oldestFirst(reading.letters);
            return Promise.resolve();
          });
          return pass(`${letters?.length ?? 0} messages read and given back`);
        },
      },
    ],
    result: () =>
      letters && { data: { messages: letters.map(withoutPayload) }, text: describeLetters(letters) },
  };
};

/** By event time; poison, which has none, last. */
const oldestFirst = (letters: readonly HeldLetter[]): readonly HeldLetter[] => [
  ...letters.filter((letter) => letter.kind === "retryable").sort(byEventTime),
  ...letters.filter((letter) => letter.kind === "poison"),
];

/** The payload may be long, and is none of a glance's business. */
const withoutPayload = (letter: HeldLetter): object =>
  Object.fromEntries(Object.entries(letter).filter(([property]) => property !== "payload"));

const describeLetters = (letters: readonly HeldLetter[]): string =>
  letters.length === 0
    ? "No messages"
    : formatTable(
        ["EVENT TIME", "EVENT", "SERVICE", "PARKED BY", "RECEIVED", "WHY", "HELD BACK", "MESSAGE"],
        letters.map((letter) => [
          ...(letter.kind === "retryable"
            ? [letter.at, letter.event, subjectOf(letter)]
            : ["", "POISON", firstOf(letter.violations)]),
          letter.parkedBy,
          `${letter.receiveCount}x`,
          letter.cause,
          letter.kind === "retryable" ? (letter.suspicion ?? "") : "",
          letter.messageId,
        ]),
      );
