import { Option } from "@commander-js/extra-typings";
import { pass, type ReportProgress } from "../../checklist/check.ts";
import { HOUR_MS } from "../../checklist/durations.ts";
import { describeExplanation, type OperatorError } from "../../checklist/errors.ts";
import type { Checklist } from "../../checklist/stage.ts";
import { followLog, type Following } from "../aws/cloudwatch/follow-log.ts";
import {
  type HandlerLogLine,
  LOG_STATUSES,
  type LogStatus,
  patternOf,
  readLogLines,
} from "../aws/cloudwatch/log-lines.ts";
import { rightAccount } from "../checks/account.ts";
import { describeKeptLog } from "../aws/cloudwatch/kept-log.ts";
import { declareEnvironmentCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { describeLogLine } from "../tenants/log-cells.ts";
import { isLineOf } from "../tenants/log-subject.ts";
import { findUnknownTenant } from "../tenants/unknown-tenant.ts";
import { parseDuration, parseTenantId } from "./option-parsers.ts";

export const logsCommand = declareEnvironmentCommand({
  name: "logs",
  summary: "show the handler's log, a line for each event",
  description:
    "Shows the lines of the handler's log: time, level, tenant, event, what became of it, and the request's id. Lambda's " +
    "own lines are left out, except those of invocations that failed, which know no tenant.\n\n" +
    "With --follow it goes on until Ctrl-C: by CloudWatch's live tail (logs:StartLiveTail), which tells of a line within " +
    "seconds, or, where that cannot be had, by asking every 5 seconds. It says which.\n\n" +
    "With --json the lines are the result, as they were logged; with --follow each is printed as it comes, one a line, " +
    "before the report.",
  examples: [
    "logs dev",
    "logs prod --tenant acme --since 24h",
    "logs prod --status failed --follow",
    "logs dev --follow --json",
  ],
  options: (command) =>
    command
      .option("--tenant <id>", "only this tenant's lines, and those of its services", parseTenantId)
      .addOption(new Option("--status <status>", "only lines of events that ended so").choices(LOG_STATUSES))
      .option("--since <duration>", "how far back to begin: 90m, 24h, 7d", parseDuration, HOUR_MS)
      .option("--follow", "show lines as they come, until Ctrl-C"),
  plan: (context, options) => readLog(context, options),
  runsPrograms: true,
});

interface LogsOptions {
  readonly tenant?: string | undefined;
  readonly status?: LogStatus | undefined;
  readonly since: number;
  readonly follow?: true | undefined;
  readonly json?: true | undefined;
}

const readLog = (context: Context, options: LogsOptions): Checklist => {
  const subject = { tenantId: options.tenant, status: options.status };
  const findUnknown = async (): Promise<OperatorError | undefined> =>
    options.tenant === undefined ? undefined : findUnknownTenant(context, options.tenant);
  const records: object[] = [];
  let count = 0;
  const show = (lines: readonly HandlerLogLine[], progress: ReportProgress): void => {
    const meant = lines.filter((line) => isLineOf(line, subject));
    if (meant.length === 0) return;
    count += meant.length;
    const raw = meant.map(({ record }) => record);
    // What is followed has no end; what a person reads is not read twice.
    if (options.json === true && options.follow !== true) records.push(...raw);
    progress({
      done: count,
      total: undefined,
      news: (display) => meant.map((line) => describeLogLine(line, display)).join("\n"),
      records: options.follow === true ? raw : [],
    });
  };
  return {
    runs: "until-failure",
    checks: [
      rightAccount(context),
      {
        title: context.names.logGroupName,
        waitsForNews: () => options.follow === true,
        run: async (progress) => {
          const to = context.clock.now();
          const from = new Date(to.getTime() - options.since);
          const filterPattern = patternOf(subject);
          if (options.follow === true) {
            // It may be provisioned while somebody waits for its first line.
            const unknown = await findUnknown();
            if (unknown !== undefined)
              progress({ done: 0, total: undefined, notice: describeExplanation(unknown) });
            for await (const lines of followLog(context, {
              from,
              filterPattern,
              onFollowing: (following) => {
                progress({ done: count, total: undefined, notice: describeFollowing(following) });
              },
            }))
              show(lines, progress);
          } else {
            for await (const line of readLogLines(context, { from, to, filterPattern }))
              show([line], progress);
            const unknown = count === 0 ? await findUnknown() : undefined;
            if (unknown !== undefined) throw unknown;
          }
          return pass(
            `${count} lines since ${from.toISOString()}${describeKeptLog(context.environment, options.since)}`,
          );
        },
      },
    ],
    result: () => (options.follow === true ? undefined : { data: { lines: records }, text: "" }),
  };
};

const describeFollowing = (following: Following): string => {
  switch (following.way) {
    case "live tail":
      return "following by CloudWatch's live tail, until Ctrl-C";
    case "live tail again":
      return `following by another session of CloudWatch's live tail: ${following.why}`;
    case "polling":
      return `following by asking every 5 seconds, until Ctrl-C: there is no live tail: ${following.why}`;
    case "sampled":
      return "more than 500 lines in a second: some were left out";
  }
};
