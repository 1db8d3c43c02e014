import { formatTable } from "../checklist/table.ts";
import { type Figure, isReached } from "./figures.ts";
import type { Machine } from "./machine.ts";
import type { PeerCosts } from "./measure-peers.ts";
import type { Sample } from "./statistics.ts";

/** A run of the benchmarks, as `--json` prints it. */
export interface Report {
  /** `2026-03-01` */
  readonly date: string;
  readonly machine: Machine;
  readonly figures: readonly Figure[];
  readonly runtimes: readonly PeerCosts[];
  /** What could not be measured here, and why. */
  readonly left: readonly string[];
}

/** The report for a terminal. */
export const formatReport = (report: Report): string =>
  [
    describeMachine(report),
    formatTable(FIGURE_HEAD, figureRows(report.figures), { figures: true }),
    ...report.runtimes.map(
      (costs) =>
        `Node ${costs.node}${costs.isLambdas ? ", the function's" : ""}: medians (min–max)\n\n` +
        formatTable(PEER_HEAD, peerRows(costs), { figures: true }),
    ),
    ...report.left.map((left) => `Left out: ${left}`),
  ].join("\n\n");

export const describeMachine = ({ date, machine, runtimes }: Report): string => {
  const { processor, cores, memoryGigabytes, system, python } = machine;
  const nodes = runtimes.map(({ node }) => `Node ${node}`).join(", ");
  return (
    `${date}, ${processor}, ${cores} cores, ${memoryGigabytes} GB, ${system}, ${nodes}` +
    (python === undefined ? "" : `, Python ${python}`)
  );
};

export const FIGURE_HEAD = ["figure", "Node", "measured", "goal", ""];

export const figureRows = (figures: readonly Figure[]): string[][] =>
  figures.map((figure) => {
    const { title, node = "", value, unit, goal } = figure;
    return [
      title,
      node.split(".")[0] ?? "",
      withUnit(value, unit),
      "atMost" in goal ? `≤ ${withUnit(goal.atMost, unit)}` : `≥ ${withUnit(goal.atLeast, unit)}`,
      isReached(figure) ? "reached" : "MISSED",
    ];
  });

export const PEER_HEAD = ["", "CPU to load, ms", "RSS once loaded, MB", "CPU per event, µs"];

export const peerRows = ({ bare, peers }: PeerCosts): string[][] => [
  ...peers.map(({ title, loadMilliseconds, rssMegabytes, eventMicroseconds }) => [
    title,
    formatSample(loadMilliseconds),
    formatSample(rssMegabytes),
    formatSample(eventMicroseconds),
  ]),
  ["Bare Node", formatSample(bare.loadMilliseconds), formatSample(bare.rssMegabytes), "–"],
];

const formatSample = ({ median, min, max }: Sample): string =>
  `${Math.round(median)} (${Math.round(min)}–${Math.round(max)})`;

const withUnit = (value: number, unit: string): string => {
  const digits = unit === "×" ? 2 : Number.isInteger(value) || value >= 100 ? 0 : 1;
  const text = value.toFixed(digits);
  return unit === "" || unit === "×" || unit === "/s" ? `${text}${unit}` : `${text} ${unit}`;
};
