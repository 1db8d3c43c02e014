import { describeExplanation, OperatorError } from "../../checklist/errors.ts";
import { fail, type Finding, inconclusive, pass } from "../../checklist/check.ts";
import type { Display } from "../../checklist/display.ts";
import { fitLines } from "../../checklist/fit-lines.ts";
import type { Checklist } from "../../checklist/stage.ts";
import { formatTable } from "../../checklist/table.ts";
import { visibleText } from "../../checklist/visible.ts";
import { explainAwsError } from "../aws/explain-error.ts";
import { rightAccount } from "../checks/account.ts";
import { declareEnvironmentCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { firstOf, subjectOf } from "../dlq/dead-letter.ts";
import type { LetterFilter } from "../dlq/filter.ts";
import { FILTER_FLAGS, FILTER_HELP, parseFilterOption } from "../dlq/options.ts";
import type { HeldLetter } from "../dlq/read-letters.ts";
import { appendToFile } from "../dlq/saved-message.ts";
import {
  describeHeldByOthers,
  NOT_READ_TO_ITS_END,
  type Work,
  type WorkDone,
  withHeldMessages,
} from "../dlq/with-held-messages.ts";
import { refuseUnknownNames } from "./refuse-unknown-names.ts";
import { addMessageId, parsePositive, parseReason } from "./option-parsers.ts";

export const dlqDiscard = declareEnvironmentCommand({
  name: "dlq discard",
  summary: "remove messages that no replay can help",
  description:
    "Removes the messages that --id names, or that --filter matches, from the dead-letter queue. Without --apply it " +
    "only says which.\n\n" +
    "Each message is written to a file, whole, before it is deleted: a line of JSON for each, in " +
    "dlq-discarded-<env>.jsonl unless --save names another file. If the file cannot be written, nothing is deleted.",
  examples: [
    "dlq discard dev --filter kind=poison",
    'dlq discard dev --filter kind=poison --apply --reason "sent by a load test"',
    "dlq discard prod --id 0b1f6d5e-7c60-4b7e-8f5e-2f6d5d1c9a10 --apply --reason forged",
  ],
  options: (command) =>
    command
      .option("--id <message-ids...>", "these messages", addMessageId)
      .option(FILTER_FLAGS, FILTER_HELP, parseFilterOption)
      .option("--apply", "delete them")
      .option("--reason <text>", "why; needed with --apply", parseReason)
      .option("--save <file>", "where they are written before they are deleted")
      .option("--limit <n>", "the most messages to discard in one run", parsePositive, 1000),
  isDryRun: ({ apply }) => apply !== true,
  plan: (context, options) => discard(context, options),
});

interface DlqDiscardOptions {
  readonly id?: readonly string[] | undefined;
  readonly filter?: LetterFilter | undefined;
  readonly reason?: string | undefined;
  readonly save?: string | undefined;
  readonly limit: number;
}

/** What became of a message. */
interface Discarded {
  readonly letter: HeldLetter;
  readonly outcome: "discarded" | "would discard" | "failed" | "unprocessed";
  readonly detail: string;
}

const discard = (context: Context, { id, filter, reason, save, limit }: DlqDiscardOptions): Checklist => {
  const { environment, names, dryRun } = context;
  if (id === undefined && filter === undefined)
    throw new OperatorError("it is not said which messages to discard", {
      hint: "Name them with --id or --filter",
      next: `npm run ops -- dlq peek ${environment.environment}`,
    });
  if (!dryRun && reason === undefined)
    throw new OperatorError("it is not said why the messages are discarded", { hint: "Add --reason" });
  const file = save ?? `dlq-discarded-${environment.environment}.jsonl`;
  const done: Discarded[] = [];
  let missing: readonly string[] = [];
  let isPartial = false;
  return {
    runs: "until-failure",
    checks: [
      rightAccount(context),
      {
        title: `Messages in ${names.deadLetterQueueName}`,
        run: async (progress) => {
          const all = { limit: id === undefined ? limit : Number.MAX_SAFE_INTEGER, filter: filter ?? [] };
          const workDone = await withHeldMessages(context, all, progress, async (work) => {
            await refuseUnknownNames(context, work.reading.unseen);
            const letters = work.reading.letters.filter(({ messageId }) => id?.includes(messageId) ?? true);
            ({ isPartial } = work.reading);
            missing = (id ?? []).filter((one) => !letters.some(({ messageId }) => messageId === one));
            if (dryRun) {
              done.push(
                ...letters.map((letter) => ({ letter, outcome: "would discard" as const, detail: "" })),
              );
              return;
            }
            if (letters.length > 0) await appendToFile(file, letters);
            for (const [index, letter] of letters.entries()) {
              const entry = await deleteOne(letter, work);
              done.push(entry);
              await record(context, entry, { reason, file });
              progress({ done: index + 1, total: letters.length, text: entry.outcome });
            }
          });
          return judgeDiscard(done, missing, isPartial, workDone);
        },
      },
    ],
    result: () => ({
      listsAudited: true,
      data: {
        queue: names.deadLetterQueueName,
        file: done.some(({ outcome }) => outcome === "discarded") ? file : undefined,
        missing,
        isPartial,
        messages: done.map(({ letter: { messageId, kind }, outcome, detail }) => ({
          messageId,
          kind,
          outcome,
          detail,
        })),
      },
      text: ({ columns }) =>
        fitLines(
          [
            ...(done.length === 0 ? ["No messages"] : [describeDiscarded(done, columns)]),
            ...(done.some(({ outcome }) => outcome === "discarded")
              ? [`They are kept in ${visibleText(file)}`]
              : []),
            ...(dryRun && done.length > 0 ? ["Add --apply and --reason to delete them"] : []),
          ].join("\n"),
          columns,
        ),
    }),
  };
};

const deleteOne = async (letter: HeldLetter, { held, signal }: Work): Promise<Discarded> => {
  if (signal.aborted) return { letter, outcome: "unprocessed", detail: "interrupted" };
  try {
    await held.delete(letter.messageId);
    return { letter, outcome: "discarded", detail: "" };
  } catch (error) {
    const explanation = explainAwsError(error);
    if (explanation === undefined) throw error;
    return { letter, outcome: "failed", detail: describeExplanation(explanation) };
  }
};

const record = async (
  { audit, identity }: Context,
  { letter, outcome, detail }: Discarded,
  { reason, file }: { readonly reason: string | undefined; readonly file: string },
): Promise<void> => {
  const { messageId, kind } = letter;
  audit({
    by: (await identity()).arn,
    reason,
    messageId,
    eventId: letter.kind === "retryable" ? letter.eventId : undefined,
    messageKind: kind,
    outcome,
    detail,
    file,
  });
};

const judgeDiscard = (
  done: readonly Discarded[],
  missing: readonly string[],
  isPartial: boolean,
  workDone: WorkDone,
): Finding => {
  const count = (outcome: Discarded["outcome"]): number =>
    done.filter((one) => one.outcome === outcome).length;
  const heldByOthers = describeHeldByOthers(workDone);
  const found = [
    ...(["discarded", "would discard", "failed", "unprocessed"] as const)
      .filter((outcome) => count(outcome) > 0)
      .map((outcome) => `${count(outcome)} ${outcome}`),
    ...(missing.length === 0 ? [] : [`not found: ${missing.join(", ")}`]),
    ...(isPartial ? [`${NOT_READ_TO_ITS_END} (--limit)`] : []),
    ...(heldByOthers === undefined ? [] : [heldByOthers]),
  ].join(", ");
  if (count("failed") > 0) return fail(found);
  if (heldByOthers !== undefined || count("unprocessed") > 0) return inconclusive(found);
  return missing.length > 0 ? fail(found) : pass(found === "" ? "none" : found);
};

const describeDiscarded = (done: readonly Discarded[], columns: Display["columns"]): string =>
  formatTable(
    ["OUTCOME", "KIND", "WHAT", "WHY IN THE QUEUE", "DETAIL", "MESSAGE"],
    done.map(({ letter, outcome, detail }) => [
      outcome,
      letter.kind,
      letter.kind === "retryable" ? `${letter.event} of ${subjectOf(letter)}` : firstOf(letter.violations),
      letter.cause,
      detail,
      letter.messageId,
    ]),
    { columns, yielding: [5, 1, 4, 3, 2] },
  );
