import { inconclusive, pass } from "../../checklist/check.ts";
import type { Display } from "../../checklist/display.ts";
import type { Checklist } from "../../checklist/stage.ts";
import { rightAccount } from "../checks/account.ts";
import { declareEnvironmentCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { byEventTime, firstOf, subjectOf } from "../dlq/dead-letter.ts";
import type { LetterFilter } from "../dlq/filter.ts";
import { FILTER_FLAGS, FILTER_HELP, parseFilterOption } from "../dlq/options.ts";
import { groupByCause } from "../dlq/groups.ts";
import type { HeldLetter } from "../dlq/read-letters.ts";
import { saveToFolder, wholeMessage } from "../dlq/saved-message.ts";
import { describeHeldByOthers, NOT_READ_TO_ITS_END, withHeldMessages } from "../dlq/with-held-messages.ts";
import { refuseUnknownNames } from "./refuse-unknown-names.ts";
import { parsePositive } from "./option-parsers.ts";
import { visibleJson } from "../../checklist/visible.ts";
import { formatTable } from "../../checklist/table.ts";

export const dlqPeek = declareEnvironmentCommand({
  name: "dlq peek",
  summary: "show messages without removing them",
  description:
    "Shows the messages in the dead-letter queue: the event, the service, who parked it and why, whether a replay " +
    "may help, and whether a replay would hold it back; then how many there are of each cause. While the command reads, the messages are hidden from other " +
    "readers; at its end it returns them all.",
  examples: [
    "dlq peek dev",
    "dlq peek prod --limit 50 --filter tenant=acme",
    "dlq peek dev --filter kind=poison --body",
  ],
  options: (command) =>
    command
      .option("--limit <n>", "how many messages to show", parsePositive, 10)
      .option("--body", "show each message whole: its body and its attributes")
      .option("--save <folder>", "write each message whole to a file of this folder")
      .option(FILTER_FLAGS, FILTER_HELP, parseFilterOption),
  plan: (context, options) => peek(context, options),
});

interface PeekOptions {
  readonly limit: number;
  readonly body?: true | undefined;
  readonly save?: string | undefined;
  readonly filter?: LetterFilter | undefined;
}

const peek = (context: Context, { limit, filter = [], body, save }: PeekOptions): Checklist => {
  let letters: readonly HeldLetter[] | undefined;
  let isPartial = false;
  return {
    runs: "until-failure",
    checks: [
      rightAccount(context),
      {
        title: context.names.deadLetterQueueName,
        run: async (progress) => {
          let unmatchedPoison = 0;
          const done = await withHeldMessages(context, { limit, filter }, progress, async ({ reading }) => {
            await refuseUnknownNames(context, reading.unseen);
            letters = oldestFirst(reading.letters);
            ({ unmatchedPoison, isPartial } = reading);
            if (save !== undefined) await saveToFolder(save, letters);
          });
          const heldByOthers = describeHeldByOthers(done);
          const found = [
            `${letters?.length ?? 0} messages read and given back`,
            ...(isPartial ? [`${NOT_READ_TO_ITS_END} (--limit)`] : []),
            ...(save === undefined ? [] : [`saved in ${save}`]),
            ...(unmatchedPoison === 0 ? [] : [`besides, ${unmatchedPoison} poison: --filter kind=poison`]),
            ...(heldByOthers === undefined ? [] : [heldByOthers]),
          ].join("; ");
          return heldByOthers === undefined ? pass(found) : inconclusive(found);
        },
      },
    ],
    result: () => {
      const found = letters;
      return (
        found && {
          data: {
            messages: found.map((letter) => ({
              ...withoutContent(letter),
              ...(body === true ? wholeMessage(letter) : {}),
            })),
            groups: groupByCause(found),
            isPartial,
          },
          text: ({ columns }) =>
            [
              describeLetters(found, columns),
              ...(found.length === 0 ? [] : [describeGroups(found, columns)]),
              // As it is, whatever the width: it is to be copied.
              ...(body === true ? found.map(describeWhole) : []),
            ].join("\n\n"),
        }
      );
    },
  };
};

/** By event time; poison, which has none, last. */
const oldestFirst = (letters: readonly HeldLetter[]): readonly HeldLetter[] => [
  ...letters.filter((letter) => letter.kind === "retryable").sort(byEventTime),
  ...letters.filter((letter) => letter.kind === "poison"),
];

/** It may be long, and is none of a glance's business. */
const withoutContent = (letter: HeldLetter): object =>
  Object.fromEntries(
    Object.entries(letter).filter(([property]) => !["payload", "body", "attributes"].includes(property)),
  );

const describeGroups = (letters: readonly HeldLetter[], columns: Display["columns"]): string =>
  formatTable(
    ["COUNT", "KIND", "WHY", "FOR EXAMPLE"],
    groupByCause(letters).map(({ count, kind, because, messageId }) => [count, kind, because, messageId]),
    { columns, yielding: [3, 1, 2] },
  );

const describeWhole = (letter: HeldLetter): string => visibleJson(wholeMessage(letter), 2);

const describeLetters = (letters: readonly HeldLetter[], columns: Display["columns"]): string =>
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
        { columns, yielding: [4, 7, 3, 6, 0, 5, 1, 2], folding: [2] },
      );
