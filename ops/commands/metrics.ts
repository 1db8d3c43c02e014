import sparkly from "sparkly";
import { inconclusive, pass } from "../../checklist/check.ts";
import type { Display } from "../../checklist/display.ts";
import { HOUR_MS, MINUTE_MS } from "../../checklist/durations.ts";
import type { Checklist } from "../../checklist/stage.ts";
import { formatTable } from "../../checklist/table.ts";
import { visibleText } from "../../checklist/visible.ts";
import { patternOf, readLogLines } from "../aws/cloudwatch/log-lines.ts";
import { rightAccount } from "../checks/account.ts";
import { type MetricFigure, formatFigure, readFigures } from "../checks/metric-figures.ts";
import { declareEnvironmentCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { parseLookback } from "./option-parsers.ts";

export const metricsCommand = declareEnvironmentCommand({
  name: "metrics",
  summary: "show the metrics of the last hours",
  description:
    "Shows what CloudWatch has counted: invocations, errors, throttles, the time that they took, how long events waited, " +
    "what was processed, ignored and changed, and the dead letters; each as one number and as a curve of the time. The " +
    "events that were ignored are counted by reason from the log.\n\n" +
    "A metric without any datapoint is shown as -: nothing has happened, or nothing was counted. If none has one, the result " +
    "is inconclusive (exit code 3). It judges nothing; use verify and gate for that.",
  examples: ["metrics dev", "metrics prod --last 24h", "metrics prod --last 7d --json"],
  options: (command) =>
    command.option("--last <duration>", "of the last 90m, 24h, 7d", parseLookback, HOUR_MS),
  plan: (context, { last }) => readMetrics(context, last),
});

const readMetrics = (context: Context, last: number): Checklist => {
  let figures: readonly MetricFigure[] | undefined;
  let reasons: ReadonlyMap<string, number> | undefined;
  return {
    runs: "until-failure",
    checks: [
      rightAccount(context),
      {
        runs: "all",
        checks: [
          {
            title: "Metrics",
            run: async () => {
              figures = await readFigures(context, last);
              const known = figures.filter(({ value }) => value !== undefined).length;
              const found = `${known} of ${figures.length} have datapoints`;
              return known === 0 ? inconclusive(found) : pass(found);
            },
          },
          {
            title: "Ignored events",
            run: async (progress) => {
              reasons = await countIgnored(context, last, (read) => {
                progress({ done: read, total: undefined, text: "lines read" });
              });
              const counted = [...reasons].map(([reason, count]) => `${count} ${shorten(reason)}`);
              return pass(counted.join(", ") || "none");
            },
          },
        ],
      },
    ],
    result: () => {
      const found = figures;
      return (
        found && {
          data: { figures: found, ignoredByReason: reasons && Object.fromEntries(reasons) },
          text: (display) => describe(found, reasons, display),
        }
      );
    },
  };
};

/** The most frequent first. */
const countIgnored = async (
  context: Context,
  last: number,
  progress: (read: number) => void,
): Promise<ReadonlyMap<string, number>> => {
  const to = context.clock.now();
  const window = {
    from: new Date(to.getTime() - last),
    to,
    filterPattern: patternOf({ status: "ignored" }),
  };
  const counts = new Map<string, number>();
  let read = 0;
  for await (const { status, reason = "unknown" } of readLogLines(context, window)) {
    if (status === "ignored") counts.set(reason, (counts.get(reason) ?? 0) + 1);
    if (++read % PROGRESS_EVERY === 0) progress(read);
  }
  return new Map([...counts].sort(([, a], [, b]) => b - a));
};

const PROGRESS_EVERY = 1000;

/** Anybody may write into a log: one long name would take the room of all figures. */
const shorten = (reason: string): string => {
  const shown = visibleText(reason);
  return shown.length <= LONGEST_SHOWN ? shown : `${shown.slice(0, LONGEST_SHOWN)}…`;
};

/** The handler's own reasons have fewer characters. */
const LONGEST_SHOWN = 22;

const describe = (
  figures: readonly MetricFigure[],
  reasons: ReadonlyMap<string, number> = new Map(),
  { columns }: Display,
): string => {
  const stretch = (figures[0]?.series.stretchMs ?? MINUTE_MS) / MINUTE_MS;
  return formatTable(
    ["METRIC", "VALUE", "WHICH IS", `EACH ${stretch} MIN`],
    figures.flatMap(({ series, ...figure }) => [
      [figure.name, formatFigure(figure), `the ${figure.is}`, { styled: curve(series.values) }],
      ...(figure.name === "ignored"
        ? [...reasons].map(([reason, count]) => [`  ${shorten(reason)}`, String(count), "of the log", ""])
        : []),
    ]),
    { columns, yielding: [2, 3, 0], whole: [3] },
  );
};

/** From 0 on; a blank where there is no datapoint. */
const curve = (values: readonly (number | undefined)[]): string =>
  sparkly(
    values.map((value) => value ?? Number.NaN),
    { minimum: 0 },
  ).trimEnd();
