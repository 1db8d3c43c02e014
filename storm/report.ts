import { formatTable } from "../checklist/table.ts";
import type { StormMeasurements } from "./measurements.ts";
import type { Scenario } from "./scenario.ts";

/** A scenario that was played. */
export interface ScenarioResult {
  readonly scenario: Scenario;
  readonly measured: StormMeasurements;
  /** The goals that it misses, in words; none when all are reached. */
  readonly missed: readonly string[];
}

export const HEAD = [
  "scenario",
  "dead letters",
  "handler errors",
  "ECS requests",
  "… refused",
  "DynamoDB per event",
  "p50 lag",
  "p99 lag",
  "containers",
  "",
] as const;

export const rowOf = ({ scenario, measured, missed }: ScenarioResult): string[] => [
  `${scenario.id}: ${scenario.title}`,
  count(measured.deadLetters),
  count(measured.handlerErrors),
  count(measured.ecsRequests),
  count(measured.ecsRefused),
  measured.dynamoDbRequestsPerEvent.toFixed(2),
  seconds(measured.p50LagMs),
  seconds(measured.p99LagMs),
  count(measured.containers),
  missed.length === 0 ? "reached" : "MISSED",
];

const count = (number: number): string => number.toLocaleString("en");
const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;

export const formatReport = (results: readonly ScenarioResult[]): string =>
  [
    formatTable(HEAD, results.map(rowOf), { figures: true }),
    ...results.flatMap(({ scenario, missed }) => missed.map((goal) => `Missed in ${scenario.id}: ${goal}`)),
  ].join("\n");
