import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidArgumentError } from "@commander-js/extra-typings";
import { format } from "prettier";
import { REPOSITORY } from "../build/handler-bundle.ts";
import { tolerateClosedOutput } from "../checklist/closed-output.ts";
import { createCommandLine } from "../checklist/command-line.ts";
import { EXIT_CODES } from "../checklist/exit-code.ts";
import { compareMeasurements, formatComparison } from "./compare.ts";
import { withFunctionCode } from "./function-code.ts";
import type { StormMeasurements } from "./measurements.ts";
import { playScenario } from "./play.ts";
import { createProgress } from "./progress.ts";
import { realContext } from "./real-context.ts";
import { formatReport, type ScenarioResult } from "./report.ts";
import { REHEARSAL, type Scenario, SCENARIOS, WITHOUT_DIRECTORY } from "./scenario.ts";
import { STORM_SECTION, stormSection } from "./section.ts";
import { simulate } from "./simulate.ts";
import { simulateAll } from "./simulate-all.ts";

/** As many simulations, of seeds one after another, show between what chance lets a figure vary. */
const SIMULATIONS = 10;

const ALL = [...SCENARIOS, ...WITHOUT_DIRECTORY];

const scenariosOf = (text: string): Scenario[] =>
  text.split(",").map((id) => {
    const scenario = ALL.find((candidate) => candidate.id === id);
    if (scenario !== undefined) return scenario;
    const known = ALL.map((candidate) => candidate.id).join(", ");
    throw new InvalidArgumentError(`Unknown scenario "${id}". Known: ${known}.`);
  });

const seedOf = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It must be a whole number, such as 1");
  return Number(text);
};

/** `npm run storm` */
tolerateClosedOutput();
const options = createCommandLine(
  "storm",
  "Plays storms of ECS events through the built function, in as many containers as Lambda would start, in simulated time.",
)
  .option("--scenarios <ids>", "play these, such as a,c (default: a,b,c,d)", scenariosOf, SCENARIOS)
  .option("--check-model", "also play the storms for which another model has figures: w1, w2 and w3")
  .option("--seed <number>", "play another storm of the same kind", seedOf, 1)
  .option("--real", "play a small storm both simulated and in real time, and compare")
  .option("--json", "print one JSON object and nothing else")
  .option("--docs", "also record the results in docs/performance.md")
  .addHelpText(
    "after",
    "\nExit code: 0 when all goals are reached, 1 when one is missed, 2 for a wrong option.",
  )
  .parse()
  .opts();

process.exitCode = (await (options.real === true ? compareWithReal() : playAll()))
  ? EXIT_CODES.fine
  : EXIT_CODES.failed;

async function playAll(): Promise<boolean> {
  const { checkModel, seed } = options;
  const scenarios = new Set([...options.scenarios, ...(checkModel === true ? WITHOUT_DIRECTORY : [])]);
  const results = await withFunctionCode(({ code }) =>
    simulateAll(code, [...scenarios], seed, createProgress()),
  );
  print({ seed, results }, formatReport(results));
  if (options.docs === true) await record(seed, results);
  return results.every(({ missed }) => missed.length === 0);
}

async function compareWithReal(): Promise<boolean> {
  const { seed } = options;
  const compared = await withFunctionCode(async ({ code, taskRoot }) => {
    const progress = createProgress();
    const settled = (events: number): void => {
      progress.settled(REHEARSAL, events);
    };
    progress.started(REHEARSAL);
    const context = realContext(taskRoot);
    try {
      const real = await playScenario(REHEARSAL, context, settled);
      // How fast processes start depends on this machine and on what else it does: no matter of the model.
      const coldStartMs = medianOf(context.coldStartsMs);
      const simulated: StormMeasurements[] = [];
      for (let simulation = 0; simulation < SIMULATIONS; simulation++) {
        const { measured } = await simulate(code, REHEARSAL, seed + simulation, settled, coldStartMs);
        simulated.push(measured);
      }
      const { user, system } = process.cpuUsage();
      progress.finished(REHEARSAL, (user + system) / 1e6);
      return compareMeasurements(simulated, real);
    } finally {
      await context.close();
    }
  });
  print({ scenario: REHEARSAL, compared }, `${REHEARSAL.title}\n\n${formatComparison(compared)}`);
  return compared.every(({ agrees }) => agrees);
}

function medianOf(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}

function print(json: object, text: string): void {
  console.log(options.json === true ? JSON.stringify(json, undefined, 2) : text);
}

async function record(seed: number, results: readonly ScenarioResult[]): Promise<void> {
  const path = join(REPOSITORY, "docs", "performance.md");
  const section = stormSection(new Date().toISOString().slice(0, 10), seed, results);
  const document = STORM_SECTION.put(await readFile(path, "utf8"), section);
  await writeFile(path, await format(document, { parser: "markdown" }));
}
