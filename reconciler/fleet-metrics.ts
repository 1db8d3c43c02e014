import type { TransitionTable } from "../handler/transition-table.ts";

const NAMESPACE = "BBWS/Tenants";

/** The properties that make a log line a CloudWatch metric record too. */
export type FleetMetricProperties = Readonly<Record<string, unknown>>;

/**
 * Numbers of a run in the embedded metric format, to be written as part of a log line; their dimension is Environment.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const runMetrics = (
  metrics: Readonly<Record<string, number>>,
  environment: string,
  timestampMs: number,
): FleetMetricProperties => ({
  Environment: environment,
  ...metrics,
  ...embedded(timestampMs, [["Environment"]], Object.keys(metrics)),
});

/** How many tenants have a status. One line for each status: a record has one value of each dimension. */
export const statusMetrics = (
  status: string,
  tenants: number,
  environment: string,
  timestampMs: number,
): FleetMetricProperties => ({
  Environment: environment,
  Status: status,
  Tenants: tenants,
  ...embedded(timestampMs, [["Environment", "Status"]], ["Tenants"]),
});

/** Counts the tenants of each status. */
export interface StatusCounts {
  add(status: string | undefined): void;
  /** A number for each status that there may be, zeros too: an alarm has to see that nobody has failed any more. */
  byStatus(): ReadonlyMap<string, number>;
}

/**
 * Other services may write any text for a status, and each value of a dimension is a metric to pay for: what the table
 * does not know is counted together.
 */
export const createStatusCounts = ({ reachable, protectedStatuses }: TransitionTable): StatusCounts => {
  const counts = new Map([...reachable, ...protectedStatuses, OTHER, NONE].map((status) => [status, 0]));
  return {
    add: (status = NONE) => {
      const counted = counts.has(status) ? status : OTHER;
      counts.set(counted, (counts.get(counted) ?? 0) + 1);
    },
    byStatus: () => counts,
  };
};

const OTHER = "OTHER";
const NONE = "NONE";

const embedded = (
  timestampMs: number,
  dimensions: readonly (readonly string[])[],
  names: readonly string[],
): FleetMetricProperties => ({
  _aws: {
    Timestamp: timestampMs,
    CloudWatchMetrics: [
      {
        Namespace: NAMESPACE,
        Dimensions: dimensions,
        Metrics: names.map((name) => ({ Name: name, Unit: name.endsWith("Ms") ? "Milliseconds" : "Count" })),
      },
    ],
  },
});
