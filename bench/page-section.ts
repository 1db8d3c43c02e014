import { recordedSection } from "../storm/recorded-section.ts";
import {
  type BenchmarkRun,
  FIGURE_HEAD,
  figureRows,
  machineInWords,
  SCENE_HEAD,
  sceneRows,
} from "./benchmark-run.ts";
import { figuresTable } from "./figures-table.ts";
import { CHANGES, TENANTS } from "./large-page.ts";
import type { PageCosts } from "./measure-page.ts";
import { figuresOfPage } from "./page-figures.ts";

/** The page's section of docs/performance.md: `npm run bench -- --docs` writes it, too. */
export const PAGE_SECTION = recordedSection("npm run bench", "--page --docs");

export const pageSection = (run: BenchmarkRun, page: PageCosts): string =>
  PAGE_SECTION.enclose(`## The page of tenants

Recorded by \`npm run bench -- --page --docs\` on ${machineInWords({ ...run, runtimes: [] })}, Chromium ${page.chromium}:
a live page of ${TENANTS.toLocaleString("en")} tenants with ${CHANGES} changes each, in ${page.rounds} rounds, each in a browser of its own.

${figuresTable(FIGURE_HEAD, figureRows(figuresOfPage(page)))}

A task is what the browser does before it can draw or hear a key again; one of more than 50 ms is felt. The goals are for its CPU
time: a busy machine makes that longer too, but much less than the time by the clock.

${figuresTable(SCENE_HEAD, sceneRows(page))}

Medians, with min–max. Long tasks are those of more than 50 ms by the clock, as the browser tells pages, and late frames those that came
more than 50 ms after the one before: both count what other programs of the machine did, too, which the empty page shows.`);
