import { type Metric, metrics } from "../../stacks/metrics.ts";
import { readSeries, type Series } from "../aws/cloudwatch/read-series.ts";
import type { Context } from "../context.ts";

/** What a metric has come to in a stretch of time. */
export interface MetricFigure {
  readonly name: string;
  /** Undefined for a count. */
  readonly unit: "ms" | undefined;
  /** Undefined when CloudWatch has no datapoint of it. */
  readonly value: number | undefined;
  /** What the value is of those of the series: `sum`, `highest`, `latest`. */
  readonly is: Summing;
  readonly series: Series;
}

type Summing = "sum" | "highest" | "latest";

interface FigureSource {
  readonly name: string;
  readonly metric: Metric;
  readonly is: Summing;
  readonly unit?: "ms";
}

/** By name, in the order in which they are shown. */
const sourcesOf = (context: Pick<Context, "environment">): readonly FigureSource[] => {
  const known = metrics(context.environment);
  return [
    { name: "invocations", metric: known.invocations, is: "sum" },
    { name: "errors", metric: known.errors, is: "sum" },
    { name: "throttles", metric: known.throttles, is: "sum" },
    { name: "duration, p99", metric: known.duration, is: "highest", unit: "ms" },
    { name: "event age", metric: known.eventAge, is: "highest", unit: "ms" },
    { name: "event lag, p99", metric: known.eventLag, is: "highest", unit: "ms" },
    { name: "processed", metric: known.eventsProcessed, is: "sum" },
    { name: "ignored", metric: known.eventsIgnored, is: "sum" },
    { name: "status changes", metric: known.statusChanges, is: "sum" },
    { name: "dead letters", metric: known.deadLetters, is: "latest" },
  ];
};

type FigureContext = Pick<Context, "aws" | "environment" | "clock" | "signal">;

/** All of them, in their order. */
export const readFigures = async (context: FigureContext, lastMs: number): Promise<readonly MetricFigure[]> =>
  Promise.all(
    sourcesOf(context).map(async ({ name, metric, is, unit }) => {
      const series = await readSeries(context, metric, lastMs);
      return { name, unit, is, series, value: summed(series.values, is) };
    }),
  );

const summed = (values: readonly (number | undefined)[], is: Summing): number | undefined => {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return undefined;
  switch (is) {
    case "sum":
      return known.reduce((sum, value) => sum + value, 0);
    case "highest":
      return Math.max(...known);
    case "latest":
      return known.at(-1);
  }
};

/** `invocations 1,234; errors 0; duration, p99 12 ms`: those that have a datapoint. */
export const describeFigures = (figures: readonly MetricFigure[]): string =>
  figures
    .filter(({ value }) => value !== undefined)
    .map((figure) => `${figure.name} ${formatFigure(figure)}`)
    .join("; ") || "no datapoint";

/** With separators and its unit, and as many digits as tell something. */
export const formatFigure = ({ value, unit }: Pick<MetricFigure, "value" | "unit">): string =>
  value === undefined
    ? "-"
    : `${value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 1 : 0 })}${unit === undefined ? "" : ` ${unit}`}`;
