import { formatTable } from "../checklist/table.ts";
import type { Outcome } from "./outcome.ts";
import type { Scenario } from "./scenario.ts";

/** A scenario that was played. */
export interface Result {
  readonly scenario: Scenario;
  readonly outcome: Outcome;
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

export const rowOf = ({ scenario, outcome, missed }: Result): string[] => [
  `${scenario.id}: ${scenario.title}`,
  count(outcome.deadLetters),
  count(outcome.handlerErrors),
  count(outcome.ecsRequests),
  count(outcome.ecsRefused),
  outcome.dynamoDbRequestsPerEvent.toFixed(2),
  seconds(outcome.p50LagMs),
  seconds(outcome.p99LagMs),
  count(outcome.containers),
  missed.length === 0 ? "reached" : "MISSED",
];

const count = (number: number): string => number.toLocaleString("en");
const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;

export const formatReport = (results: readonly Result[]): string =>
  [
    formatTable(HEAD, results.map(rowOf), { figures: true }),
    ...results.flatMap(({ scenario, missed }) => missed.map((goal) => `Missed in ${scenario.id}: ${goal}`)),
  ].join("\n");
