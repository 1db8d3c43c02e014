import { join } from "node:path";
import { bundleHandler, REPOSITORY } from "../build/handler-bundle.ts";
import { zipFunction } from "../build/handler-zip.ts";
import { createCommandLine } from "../checklist/command-line.ts";
import { tolerateClosedOutput } from "../checklist/closed-output.ts";
import { findChromium } from "./chromium.ts";
import { writeDocument } from "./document.ts";
import { figures } from "./figures.ts";
import { nodeRuntimes } from "./lambda-node.ts";
import { describeMachine } from "./machine.ts";
import type { PageCosts } from "./measure-page.ts";
import { measurePlay, type PlayCosts } from "./measure-play.ts";
import { measureReconciler } from "./measure-reconciler.ts";
import { measureVariants, type VariantCosts } from "./measure-variants.ts";
import { measurePrograms } from "./measure-programs.ts";
import { prepareVariants } from "./variants.ts";
import { formatRun, type BenchmarkRun } from "./benchmark-run.ts";

const EFFORT = { loads: 96, blocks: 42, eventsPerBlock: 200, warmUpEvents: 4000, memoryEvents: 20_000 };
const PROGRAM_ROUNDS = 5;
const PAGE_ROUNDS = 3;
/** One takes minutes: 100 MB are 220,000 events. */
const PLAY_ROUNDS = 1;
const NO_CHROMIUM =
  "The page: this machine has no Chromium. apt-get install chromium, or name one by CHROMIUM";
const NOTHING = { figures: [], runtimes: [], left: [] };

/** `npm run bench` */
tolerateClosedOutput();
const {
  json,
  docs,
  page: onlyPage,
  play: onlyPlay,
} = createCommandLine(
  "bench",
  "Measures the handler beside what one would use instead, and the other figures that have goals.",
)
  .option("--json", "print one JSON object and nothing else")
  .option("--page", "measure only the page of tenants, in Chromium")
  .option("--play", "measure only npm start, playing files of events")
  .option("--docs", "also write docs/performance.md")
  .parse()
  .opts();
// eslint-disable-next-line no-restricted-syntax -- an edge
const { env } = process;
const run = await measure();
console.log(json === true ? JSON.stringify(run, undefined, 2) : formatRun(run));
if (docs === true) await writeDocument(run, join(REPOSITORY, "docs"));

async function measure(): Promise<BenchmarkRun> {
  const isAll = onlyPage !== true && onlyPlay !== true;
  const chromium = findChromium(env);
  const withoutPage = chromium === undefined && (isAll || onlyPage === true);
  if (withoutPage) console.error(`\n!!! ${NO_CHROMIUM}\n`);
  const { figures: others, runtimes, left } = isAll ? await measureHandler() : NOTHING;
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: await describeMachine(),
    figures: others,
    runtimes,
    page: chromium !== undefined && (isAll || onlyPage === true) ? await measureThePage(chromium) : undefined,
    play: isAll || onlyPlay === true ? await measureTheStart() : undefined,
    left: [...left, ...(withoutPage ? [NO_CHROMIUM] : [])],
  };
}

async function measureThePage(chromium: string): Promise<PageCosts> {
  console.error("Measuring the page …");
  // It loads what drives the browser, which takes half a second.
  const { measurePage } = await import("./measure-page.ts");
  return measurePage(chromium, PAGE_ROUNDS);
}

async function measureTheStart(): Promise<PlayCosts> {
  console.error("Measuring npm start …");
  return measurePlay(env["PATH"] ?? "", PLAY_ROUNDS);
}

async function measureHandler(): Promise<Pick<BenchmarkRun, "figures" | "runtimes" | "left">> {
  const executables = env["PATH"] ?? "";
  const prepared = await prepareVariants();
  const available = await nodeRuntimes();
  const runtimes: VariantCosts[] = [];
  for (const runtime of available.runtimes) {
    console.error(`Measuring the handler and the other variants on Node ${runtime.version} …`);
    runtimes.push(await measureVariants(runtime, prepared.variants, EFFORT, executables));
  }
  console.error("Measuring main.ts and reconcile …");
  const programs = await measurePrograms(executables, PROGRAM_ROUNDS);
  console.error("Measuring the reconciler …");
  const reconciler = await measureReconciler(executables);
  // Of the handler's files alone: what the reconciler adds to the zip is not loaded with them.
  const { length: zipBytes } = await zipFunction((await bundleHandler()).files);
  return {
    figures: figures({ zipBytes, runtimes, programs, reconciler }),
    runtimes,
    left: [...prepared.left, ...available.left],
  };
}
