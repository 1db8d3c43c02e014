import { transitionTable } from "../../handler/transition-table.ts";
import { eventSeenAs } from "../../reconcile/seen-event.ts";
import { fail, type Finding, inconclusive, pass, type ReportProgress } from "../../checklist/check.ts";
import type { Display } from "../../checklist/display.ts";
import { fitLines } from "../../checklist/fit-lines.ts";
import type { Checklist } from "../../checklist/stage.ts";
import { rightAccount } from "../checks/account.ts";
import { declareEnvironmentCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { byEventTime, type RetryableLetter } from "../dlq/dead-letter.ts";
import type { LetterFilter } from "../dlq/filter.ts";
import { FILTER_FLAGS, FILTER_HELP, parseFilterOption } from "../dlq/options.ts";
import { type AuditEntry, entryOf, type ReplayOutcome, poisonEntry, replay } from "../dlq/replay.ts";
import {
  describeHeldByOthers,
  NOT_READ_TO_ITS_END,
  type Work,
  type WorkDone,
  withHeldMessages,
} from "../dlq/with-held-messages.ts";
import { invokeHandler } from "../../reconcile/invoke-handler.ts";
import { refuseUnknownNames } from "./refuse-unknown-names.ts";
import { addMessageId, parsePositive, parseReason } from "./option-parsers.ts";
import { formatTable } from "../../checklist/table.ts";

export const dlqReplay = declareEnvironmentCommand({
  name: "dlq replay",
  summary: "send parked events to the handler again",
  description:
    "Reads the dead-letter queue and sends its events to the alias again, oldest first. Without --apply it only " +
    "says what it would send.\n\n" +
    "A message is deleted only after the alias has answered success or ignored. All others, including poison, are " +
    "returned to the queue. Replaying an event that was processed before changes nothing.\n\n" +
    "A message that neither EventBridge nor Lambda parked, or whose event names its tenant or its sender itself, may be forged. It " +
    "is held back unless --trust names its message id, which peek shows.\n\n" +
    "Up to --limit messages are held in memory to sort them; a longer queue takes several runs. Events of one " +
    "service are sent one after the other. When one of them fails, the others of that service are set aside: they stay in the " +
    "queue, and the other services go on.",
  examples: [
    "dlq replay dev",
    "dlq replay prod --apply",
    "dlq replay prod --apply --trust 0b1f6d5e-7c60-4b7e-8f5e-2f6d5d1c9a10",
    `dlq replay prod --apply --filter event=${eventSeenAs("failed", transitionTable).name} tenant=acme --limit 50`,
  ],
  options: (command) =>
    command
      .option("--apply", "send the events")
      .option("--limit <n>", "the most messages to read in one run", parsePositive, 1000)
      .option(FILTER_FLAGS, FILTER_HELP, parseFilterOption)
      .option(
        "--trust <message-ids...>",
        "send these messages although they may be forged; look at them with peek first",
        addMessageId,
        NOBODY_TRUSTED,
      )
      .option("--reason <text>", "why; goes into the record", parseReason)
      .option("--keep", "keep the messages in the queue")
      .option("--concurrency <n>", "how many services to send events of at the same time", parsePositive, 4)
      .option("--max-failures <n>", "stop after this many services have failed", parsePositive, 10),
  isDryRun: ({ apply }) => apply !== true,
  plan: (context, options) => replayQueue(context, options),
});

const NOBODY_TRUSTED: readonly string[] = [];

interface DlqReplayOptions {
  readonly limit: number;
  readonly filter?: LetterFilter | undefined;
  readonly reason?: string | undefined;
  readonly trust: readonly string[];
  readonly keep?: boolean | undefined;
  readonly concurrency: number;
  readonly maxFailures: number;
}

const replayQueue = (context: Context, options: DlqReplayOptions): Checklist => {
  const { limit, filter = [], reason } = options;
  const entries: AuditEntry[] = [];
  let read = { unmatched: 0, unmatchedPoison: 0, isPartial: false };
  let done: WorkDone = { released: 0, heldByOthers: 0 };
  let missing: readonly string[] = [];
  return {
    runs: "until-failure",
    checks: [
      rightAccount(context),
      {
        title: `Events in ${context.names.deadLetterQueueName}`,
        run: async (progress) => {
          const { arn: by } = await context.identity();
          done = await withHeldMessages(context, { limit, filter }, progress, async (work) => {
            await refuseUnknownNames(context, work.reading.unseen);
            read = work.reading;
            missing = options.trust.filter(
              (id) => !work.reading.letters.some(({ messageId }) => messageId === id),
            );
            await replayLetters(context, options, work, progress, (entry) => {
              entries.push(entry);
              if (!context.dryRun) context.audit({ by, reason, ...entry });
            });
          });
          return judgeReplay(entries, read, done, missing);
        },
      },
    ],
    result: () => ({
      listsAudited: true,
      data: {
        queue: context.names.deadLetterQueueName,
        counts: countOutcomes(entries),
        deleted: entries.filter(({ deleted }) => deleted).length,
        unmatched: read.unmatched,
        unmatchedPoison: read.unmatchedPoison,
        givenBack: done.released,
        heldByOthers: done.heldByOthers,
        isPartial: read.isPartial,
        messages: entries,
      },
      text: (display) =>
        fitLines(
          [
            ...(entries.length === 0 ? [] : [describeEntries(entries, display.columns)]),
            `${done.released} messages are back in the queue${read.unmatched === 0 ? "" : `, ${read.unmatched} of them did not match the filter`}`,
            ...(entries.some(({ outcome }) => outcome === "poison") || read.unmatchedPoison > 0
              ? [
                  `Poison cannot be sent. Look at it: npm run ops -- dlq peek ${context.environment.environment} --filter kind=poison --body; then: npm run ops -- dlq discard ${context.environment.environment} --filter kind=poison`,
                ]
              : []),
            ...(entries.some(({ outcome }) => outcome === "held back")
              ? [
                  `Held back is what may be made up. Look at it: npm run ops -- dlq peek ${context.environment.environment}; then name it: --trust <message id>`,
                ]
              : []),
            ...(context.dryRun && entries.some(({ outcome }) => outcome === "would replay")
              ? ["Add --apply to send them"]
              : []),
          ].join("\n"),
          display.columns,
        ),
    }),
  };
};

const replayLetters = async (
  context: Context,
  { concurrency, maxFailures, trust, keep = false }: DlqReplayOptions,
  { held, reading, signal }: Work,
  progress: ReportProgress,
  audit: (entry: AuditEntry) => void,
): Promise<void> => {
  for (const letter of reading.letters) if (letter.kind === "poison") audit(poisonEntry(letter));
  const retryable = reading.letters.filter((letter) => letter.kind === "retryable").sort(byEventTime);
  const isHeldBack = ({ suspicion, messageId }: RetryableLetter): boolean =>
    suspicion !== undefined && !trust.includes(messageId);
  for (const letter of retryable.filter(isHeldBack))
    audit(entryOf(letter, "held back", letter.suspicion ?? ""));
  const letters = retryable.filter((letter) => !isHeldBack(letter));
  if (context.dryRun) {
    for (const letter of letters)
      audit(entryOf(letter, "would replay", `parked because of: ${letter.cause}`));
    return;
  }
  let done = 0;
  await replay(letters, {
    concurrency,
    maxFailures,
    keep,
    signal,
    invoke: (payload) =>
      invokeHandler(
        context.aws.lambda,
        { functionName: context.names.functionName, qualifier: context.names.aliasName },
        payload,
      ),
    deleteMessage: (messageId) => held.delete(messageId),
    audit: (entry) => {
      audit(entry);
      progress({ done: ++done, total: letters.length, text: `${entry.event ?? ""} ${entry.outcome}` });
    },
  });
};

/** Poison is for people to look at, and no failure of the replay. */
const judgeReplay = (
  entries: readonly AuditEntry[],
  { isPartial }: Pick<Work["reading"], "isPartial">,
  done: WorkDone,
  missing: readonly string[],
): Finding => {
  const counts = countOutcomes(entries);
  const heldByOthers = describeHeldByOthers(done);
  const found = [
    Object.entries(counts)
      .map(([outcome, count]) => `${count} ${outcome}`)
      .join(", ") || "none",
    ...(missing.length === 0 ? [] : [`not found: ${missing.join(", ")}`]),
    ...(isPartial ? [`${NOT_READ_TO_ITS_END} (--limit)`] : []),
    ...(heldByOthers === undefined ? [] : [heldByOthers]),
  ].join("; ");
  if (counts.failed !== undefined || missing.length > 0) return fail(found);
  return counts.unprocessed === undefined && heldByOthers === undefined ? pass(found) : inconclusive(found);
};

const countOutcomes = (entries: readonly AuditEntry[]): Partial<Record<ReplayOutcome, number>> => {
  const counts: Partial<Record<ReplayOutcome, number>> = {};
  for (const { outcome } of entries) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};

const describeEntries = (entries: readonly AuditEntry[], columns: Display["columns"]): string =>
  formatTable(
    ["EVENT TIME", "EVENT", "SERVICE", "OUTCOME", "DETAIL", "MESSAGE"],
    entries.map(({ at = "", event = "", service = "", outcome, detail, messageId }) => [
      at,
      event,
      service,
      outcome,
      detail,
      messageId,
    ]),
    { columns, yielding: [5, 0, 4, 1, 2], folding: [2] },
  );
