import { pass } from "../../checklist/check.ts";
import type { Display } from "../../checklist/display.ts";
import { HOUR_MS } from "../../checklist/durations.ts";
import type { Checklist } from "../../checklist/stage.ts";
import { formatTable } from "../../checklist/table.ts";
import { type LoggedTransition, readTransitions } from "../aws/cloudwatch/transitions.ts";
import { rightAccount } from "../checks/account.ts";
import { HTML_HELP, writtenPage } from "../checks/written-page.ts";
import { describeKeptLog } from "../aws/cloudwatch/kept-log.ts";
import { declareSubjectCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { colorStatus } from "../tenants/color-status.ts";
import { timeSince } from "../tenants/duration.ts";
import { pageOfHistory } from "../tenants/tenant-pages.ts";
import { findUnknownTenant } from "../tenants/unknown-tenant.ts";
import { parseDuration, parseTenantId } from "./option-parsers.ts";

export const historyCommand = declareSubjectCommand({
  name: "history",
  summary: "show how the tenants' statuses have changed",
  description:
    "Shows each change of a tenant's status in a stretch of time, as the handler logged it: when, from which status to which, " +
    "and by which event. Of one tenant it also says how long it had each status.\n\n" +
    "What another service has set is not in this log, nor what is older than the log keeps.",
  examples: [
    "history dev",
    "history prod acme --since 7d",
    "history prod --since 24h --json",
    "history prod --since 7d --html history.html",
  ],
  parameters: (command) =>
    command
      .argument("[tenant]", "the tenant's id; without it, all tenants", parseTenantId)
      .option("--since <duration>", "how far back to begin: 90m, 24h, 7d", parseDuration, 24 * HOUR_MS)
      .option("--html <file>", HTML_HELP),
  plan: (context, options, tenantId: string | undefined) => readHistory(context, options, tenantId),
});

interface HistoryOptions {
  readonly since: number;
  readonly html?: string | undefined;
}

const readHistory = (
  context: Context,
  { since, html }: HistoryOptions,
  tenantId: string | undefined,
): Checklist => {
  const { names, clock, environment } = context;
  let seen: { readonly changes: readonly LoggedTransition[]; readonly to: Date } | undefined;
  return {
    runs: "until-failure",
    checks: [
      rightAccount(context),
      {
        title: names.logGroupName,
        run: async (progress) => {
          const to = clock.now();
          const from = new Date(to.getTime() - since);
          const changes: LoggedTransition[] = [];
          for await (const change of readTransitions(context, { from, to, tenantId })) {
            changes.push(change);
            if (changes.length % PROGRESS_EVERY === 0)
              progress({ done: changes.length, total: undefined, text: "changes read" });
          }
          const unknown =
            changes.length === 0 && tenantId !== undefined
              ? await findUnknownTenant(context, tenantId)
              : undefined;
          if (unknown !== undefined) throw unknown;
          seen = { changes, to };
          const tenants = new Set(changes.map((change) => change.tenantId)).size;
          const of = tenantId === undefined ? `of ${tenants} tenants` : `of ${tenantId}`;
          return pass(
            `${changes.length} changes ${of} since ${from.toISOString()}${describeKeptLog(environment, since)}`,
          );
        },
      },
      ...writtenPage(
        html,
        () =>
          seen && {
            title: `History of ${tenantId ?? "the tenants"} in ${environment.environment}`,
            source: `Status changes of ${names.logGroupName}`,
            asOf: seen.to.toISOString(),
            tenants: pageOfHistory(seen.changes),
          },
      ),
    ],
    result: () => {
      const found = seen;
      return (
        found && {
          data: { changes: found.changes },
          text: (display) => describeChanges(found.changes, found.to, tenantId, display),
        }
      );
    },
  };
};

const PROGRESS_EVERY = 500;

const describeChanges = (
  changes: readonly LoggedTransition[],
  now: Date,
  tenantId: string | undefined,
  { columns, color }: Display,
): string =>
  changes.length === 0
    ? ""
    : formatTable(
        ["TIME", tenantId === undefined ? "TENANT" : "FOR", "FROM", "TO", "EVENT", "SENT BY", "EVENT ID"],
        changes.map((change, index) => [
          change.time,
          tenantId === undefined
            ? change.tenantId
            : durationBetween(change.time, changes[index + 1]?.time ?? now.toISOString()),
          { styled: colorStatus(change.from, color) },
          { styled: colorStatus(change.to, color) },
          change.event,
          change.source ?? "",
          change.eventId ?? "",
        ]),
        { columns, yielding: [6, 5, 2, 4], folding: tenantId === undefined ? [1] : [] },
      );

/** How long the status lasted. */
const durationBetween = (from: string, to: string): string => {
  const end = new Date(to);
  return Number.isNaN(end.getTime()) ? "" : timeSince(from, end);
};
