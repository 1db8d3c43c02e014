import { markdownTable } from "markdown-table";
import assumptions from "./cost-assumptions.json" with { type: "json" };

export type Assumptions = typeof assumptions;

/** A month of an environment with so many services. */
export interface Costs {
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly concurrency: number;
  readonly lambdaUsd: number;
  readonly dynamoDbUsd: number;
  readonly logsUsd: number;
  readonly fixedUsd: number;
  /** The scheduled reconciler, its metrics included. */
  readonly reconcilerUsd: number;
}

/** The formulae of docs/cost.md. */
export const costs = (services: number, a: Assumptions = assumptions): Costs => {
  const eventsPerDay = services * a.eventsPerServicePerDay;
  const events = eventsPerDay * a.daysPerMonth;
  const millions = events / 1e6;
  const eventsPerSecond = eventsPerDay / (24 * 60 * 60);
  return {
    events,
    eventsPerSecond,
    concurrency: eventsPerSecond * a.secondsPerEvent,
    lambdaUsd:
      millions * a.usd.perMillionInvocations +
      events * a.secondsPerEvent * a.gigabytesOfMemory * a.usd.perGigabyteSecond,
    // Out of order: the condition fails, which is paid for and shows the row, then one more write.
    dynamoDbUsd:
      millions * a.writeUnitsPerUpdate * (1 + a.shareOutOfOrder) * a.usd.perMillionWriteUnits +
      // The directory: an item fits in one unit.
      millions * a.directoryReadsPerEvent * a.usd.perMillionReadUnits +
      ((services * a.directoryWritesPerServicePerDay * a.daysPerMonth) / 1e6) * a.usd.perMillionWriteUnits,
    logsUsd: millions * a.logKilobytesPerEvent * a.usd.perGigabyteOfLogs,
    fixedUsd: a.customMetrics * a.usd.perCustomMetric + a.alarmedMetrics * a.usd.perAlarmedMetric,
    reconcilerUsd: reconcilerCosts(services, a),
  };
};

/** Each run reads all rows, consistently, and the whole directory, eventually consistently; a read unit is 4 kB. */
const reconcilerCosts = (services: number, a: Assumptions): number => {
  const runs = a.reconcilerRunsPerDay * a.daysPerMonth;
  const seconds = a.reconcilerSecondsPerRun + (services / 1000) * a.reconcilerSecondsPerThousandServices;
  const readUnits = (services * (a.kilobytesPerRow + a.kilobytesPerDirectoryItem / 2)) / 4;
  return (
    runs *
      (seconds * a.gigabytesOfMemory * a.usd.perGigabyteSecond +
        (readUnits / 1e6) * a.usd.perMillionReadUnits +
        (a.reconcilerLogKilobytesPerRun / 1e6) * a.usd.perGigabyteOfLogs) +
    a.reconcilerMetrics * a.usd.perCustomMetric
  );
};

/** How many services ECS's limit on the look-up of tags allows when all of them are in the directory. */
export const servicesWithinTagLimit = (lookUpsPerSecond: number, a: Assumptions = assumptions): number =>
  (lookUpsPerSecond * 24 * 60 * 60) / a.lookUpsPerServicePerDay;

export const costTable = (a: Assumptions = assumptions): string => {
  const cases = a.servicesPerCase.map((services) => ({ services, ...costs(services, a) }));
  const rows: readonly [string, (one: Costs & { services: number }) => string][] = [
    ["Events a month", ({ events }) => whole(events)],
    ["Events a second, on average", ({ eventsPerSecond }) => short(eventsPerSecond)],
    ["Lambda: running at once, on average", ({ concurrency }) => short(concurrency)],
    ["Lambda, USD", ({ lambdaUsd }) => short(lambdaUsd)],
    ["DynamoDB, USD", ({ dynamoDbUsd }) => short(dynamoDbUsd)],
    ["CloudWatch Logs, USD", ({ logsUsd }) => short(logsUsd)],
    ["Metrics and alarms, USD", ({ fixedUsd }) => short(fixedUsd)],
    ["Scheduled reconciler, USD", ({ reconcilerUsd }) => short(reconcilerUsd)],
    ["**Together, USD a month**", (one) => `**${short(together(one))}**`],
    ["USD per service and year", (one) => short((12 * together(one)) / one.services)],
    [
      "`reconcile`: reading ECS takes",
      ({ services }) => `${short(services / SERVICES_DESCRIBED_PER_SECOND)} s`,
    ],
  ];
  return markdownTable(
    [
      ["Services", ...a.servicesPerCase.map(whole)],
      ...rows.map(([title, cell]) => [title, ...cases.map(cell)]),
    ],
    { align: ["", ...cases.map(() => "right")] },
  );
};

const together = ({ lambdaUsd, dynamoDbUsd, logsUsd, fixedUsd, reconcilerUsd }: Costs): number =>
  lambdaUsd + dynamoDbUsd + logsUsd + fixedUsd + reconcilerUsd;

/** ECS sustains 20 DescribeServices a second, each of 10 services. */
const SERVICES_DESCRIBED_PER_SECOND = 200;

const whole = (number: number): string => number.toLocaleString("en-US", { maximumFractionDigits: 0 });
const short = (number: number): string =>
  number.toLocaleString(
    "en-US",
    number < 10 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 0 },
  );
