import { formatTable } from "../checklist/table.ts";
import { type Figure, isReached } from "./figures.ts";
import type { Machine } from "./machine.ts";
import type { PageCosts } from "./measure-page.ts";
import type { PlayCosts } from "./measure-play.ts";
import type { VariantCosts } from "./measure-variants.ts";
import { figuresOfPage } from "./page-figures.ts";
import { figuresOfPlay, PLAY_HEAD, playRows } from "./play-figures.ts";
import type { Sample } from "./statistics.ts";

/** A run of the benchmarks, as `--json` prints it. */
export interface BenchmarkRun {
  /** `2026-03-01` */
  readonly date: string;
  readonly machine: Machine;
  readonly figures: readonly Figure[];
  readonly runtimes: readonly VariantCosts[];
  /** Undefined where there is no Chromium. */
  readonly page: PageCosts | undefined;
  /** Undefined where it was not asked for. */
  readonly play: PlayCosts | undefined;
  /** What could not be measured here, and why. */
  readonly left: readonly string[];
}

/** The run, formatted for a terminal. */
export const formatRun = (run: BenchmarkRun): string =>
  [
    machineInWords(run),
    formatTable(
      FIGURE_HEAD,
      figureRows([
        ...run.figures,
        ...(run.page === undefined ? [] : figuresOfPage(run.page)),
        ...(run.play === undefined ? [] : figuresOfPlay(run.play)),
      ]),
      { figures: true },
    ),
    ...run.runtimes.map(
      (costs) =>
        `Node ${costs.node}${costs.isLambdas ? ", the function's" : ""}: medians (min–max)\n\n` +
        formatTable(VARIANT_HEAD, variantRows(costs), { figures: true }),
    ),
    ...(run.page === undefined
      ? []
      : [
          `The page, in Chromium ${run.page.chromium}: medians (min–max) of ${run.page.rounds} rounds\n\n` +
            formatTable(SCENE_HEAD, sceneRows(run.page), { figures: true }),
        ]),
    ...(run.play === undefined
      ? []
      : [
          `npm start: medians (min–max) of ${run.play.rounds} rounds\n\n` +
            formatTable(PLAY_HEAD, playRows(run.play), { figures: true }),
        ]),
    ...run.left.map((left) => `Left out: ${left}`),
  ].join("\n\n");

export const machineInWords = ({ date, machine, runtimes }: BenchmarkRun): string => {
  const { processor, cores, memoryGigabytes, system, python } = machine;
  return [
    date,
    processor,
    `${cores} cores`,
    `${memoryGigabytes} GB`,
    system,
    ...runtimes.map(({ node }) => `Node ${node}`),
    ...(python === undefined || runtimes.length === 0 ? [] : [`Python ${python}`]),
  ].join(", ");
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

export const VARIANT_HEAD = ["", "CPU to load, ms", "RSS once loaded, MB", "CPU per event, µs"];

export const variantRows = ({ bare, variants }: VariantCosts): string[][] => [
  ...variants.map(({ title, loadMilliseconds, rssMegabytes, eventMicroseconds }) => [
    title,
    formatSample(loadMilliseconds),
    formatSample(rssMegabytes),
    formatSample(eventMicroseconds),
  ]),
  ["Bare Node", formatSample(bare.loadMilliseconds), formatSample(bare.rssMegabytes), "–"],
];

export const SCENE_HEAD = ["", "longest task, CPU, ms", "long tasks", "late frames, %"];

export const sceneRows = ({ empty, scenes }: PageCosts): string[][] =>
  [...scenes, empty].map(({ title, longestTask, longTasks, lateFrames }) => [
    title.replace(/^./, (first) => first.toUpperCase()),
    formatSample(longestTask),
    formatSample(longTasks),
    formatSample(lateFrames),
  ]);

const formatSample = ({ median, min, max }: Sample): string =>
  `${Math.round(median)} (${Math.round(min)}–${Math.round(max)})`;

const withUnit = (value: number, unit: string): string => {
  const digits = unit === "×" ? 2 : Number.isInteger(value) || value >= 100 ? 0 : 1;
  const text = value.toFixed(digits);
  return unit === "" || unit === "×" || unit === "/s" ? `${text}${unit}` : `${text} ${unit}`;
};
