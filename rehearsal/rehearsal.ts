import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type GivenEmulator, readGivenEmulator } from "./emulator/given-emulator.ts";
import { createReporter } from "./reporter.ts";
import { runChecks } from "../checklist/run-checks.ts";
import type { Stage } from "../checklist/stage.ts";
import { bootstrap } from "./stages/bootstrap.ts";
import { cancellation } from "./stages/cancellation.ts";
import { deadLetters } from "./stages/dead-letters.ts";
import { destruction } from "./stages/destruction.ts";
import { events } from "./stages/events.ts";
import { faults } from "./stages/faults.ts";
import { firstDeployment } from "./stages/first-deployment.ts";
import { forgedEvents } from "./stages/forged-events.ts";
import { promotion } from "./stages/promotion.ts";
import { reconciliation } from "./stages/reconciliation.ts";
import { selfHealing } from "./stages/self-healing.ts";
import { releases } from "./stages/releases.ts";
import { STANDALONE_STAGES, type StandaloneName } from "./stages/standalone.ts";
import { startRehearsalContext } from "./start-context.ts";
import { findTools, type Moto } from "./find-tools.ts";
import { installLambdaRuntime } from "./emulator/lambda/lambda-runtime.ts";
import { createTranscript, withoutMachine } from "./transcript.ts";
import type { EnvironmentVariables } from "../stacks/terraform/environment-variables.ts";
import { substitutionVariables } from "../stacks/terraform/provider-mirror.ts";
import { isSubstituted, SUBSTITUTION_NOTICE, SUBSTITUTION_SWITCH } from "../stacks/substitution.ts";
import { withoutAws } from "./variables.ts";
import type { RehearsalContext } from "./context.ts";

export interface RehearsalOptions {
  readonly variables: EnvironmentVariables;
  readonly output: { write(text: string): unknown };
  /** Aborted when the operator wants to stop. */
  readonly signal: AbortSignal;
  /** Leaves everything running at the end, until the signal. */
  readonly keep: boolean;
  /** Where to write what happened; what single commands looked like goes into the folder `transcripts` beside it. */
  readonly transcript: string | undefined;
  /** The stages to rehearse, which need nothing of others; undefined for all that there is. */
  readonly only: readonly StandaloneName[] | undefined;
}

const EXIT_CODES = { fine: 0, failed: 1, skipped: 3 } as const;

/**
 * @returns the process's exit code.
 * @throws {OperatorError} when an emulator is given that cannot be used.
 */
export const runRehearsal = async (options: RehearsalOptions): Promise<number> => {
  const { output, signal } = options;
  const given = readGivenEmulator(options.variables);
  const variables = withoutAws(options.variables);
  const tools = await findTools(variables, given === undefined);
  if ("missing" in tools) {
    for (const line of tools.missing) output.write(`missing: ${line}\n`);
    output.write("NOTHING WAS REHEARSED: tools are missing\n");
    return EXIT_CODES.skipped;
  }

  const emulator = given ?? tools.moto;
  if (emulator === undefined) throw new Error("There is no emulator");

  const startedAt = performance.now();
  const isTrial = isSubstituted(substitutionVariables(variables)[SUBSTITUTION_SWITCH]);
  const folder = await mkdtemp(join(tmpdir(), "rehearsal-"));
  const transcript = createTranscript(folder);
  const say = (text: string): void => {
    output.write(text);
    transcript.write(text);
  };
  const running: (() => unknown)[] = [];
  let losses = 0;
  let isFine = false;
  let records: ReadonlyMap<string, string> = new Map();
  try {
    if (isTrial) say(`${SUBSTITUTION_NOTICE}\n`);
    say(`Terraform ${tools.terraform.version}, ${describeEmulator(emulator)}\n`);
    const context = await startRehearsalContext({
      emulator,
      runtime: await installLambdaRuntime(variables),
      folder,
      variables,
      signal,
      onLoss: (message) => {
        losses++;
        say(`  LOST: ${message}\n`);
      },
      onStarted: (stop) => running.unshift(stop),
    });
    records = context.records;
    const reporter = createReporter({ write: say }, signal);
    await runChecks(await stageOf(context, options), {
      dryRun: false,
      signal,
      observer: reporter,
      // Nothing may go wrong here: with its stack trace, whatever it is.
      explainError: (error) => ({
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
    });
    const { passed, failed, notRun } = reporter.counts();
    const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
    say(
      `\n${passed} passed, ${failed} failed, ${notRun} not run, ${losses} events lost, in ${minutes} min\n`,
    );
    isFine = failed === 0 && notRun === 0 && losses === 0;
    if (options.keep && !signal.aborted) await keepRunning(context, options);
  } finally {
    for (const stop of running) await stop();
    // After a failure the logs are of use.
    if (isFine) await rm(folder, { recursive: true, force: true });
    else output.write(`Logs: ${folder}\n`);
    if (isTrial) say(`${SUBSTITUTION_NOTICE}\n`);
  }
  if (options.transcript !== undefined && isFine) {
    await writeFile(options.transcript, transcript.toMarkdown());
    await writeRecords(join(dirname(options.transcript), "transcripts"), records, folder);
  }
  return isFine ? EXIT_CODES.fine : EXIT_CODES.failed;
};

const describeEmulator = (emulator: GivenEmulator | Moto): string =>
  "endpoint" in emulator ? `the emulator at ${emulator.endpoint}` : `moto ${emulator.version}`;

const writeRecords = async (
  target: string,
  records: ReadonlyMap<string, string>,
  folder: string,
): Promise<void> => {
  await mkdir(target, { recursive: true });
  for (const [name, text] of records)
    await writeFile(join(target, name), `${withoutMachine(text, folder)}\n`);
};

const stageOf = async (
  context: RehearsalContext,
  { keep, only }: Pick<RehearsalOptions, "keep" | "only">,
): Promise<Stage> => {
  const standalone: Stage[] = [];
  for (const { name, accountId, stage } of STANDALONE_STAGES)
    if (only?.includes(name) ?? true)
      standalone.push(stage(context, await context.openPlace(name, accountId)));
  return { runs: "all", checks: [...(only === undefined ? [lifeOf(context, keep)] : []), ...standalone] };
};

/** Without the first two stages nothing else makes sense; the others run whatever became of each other. */
const lifeOf = (context: RehearsalContext, keep: boolean): Stage => ({
  runs: "until-failure",
  checks: [
    bootstrap(context),
    firstDeployment(context),
    {
      runs: "all",
      checks: [
        events(context),
        releases(context),
        deadLetters(context),
        faults(context),
        reconciliation(context),
        selfHealing(context),
        forgedEvents(context),
        promotion(context),
        cancellation(context),
        ...(keep ? [] : [destruction(context)]),
      ],
    },
  ],
});

const keepRunning = async (
  context: RehearsalContext,
  { output, signal }: RehearsalOptions,
): Promise<void> => {
  for (const { environment, account, workspace } of context.allPlaces) {
    output.write(`\n# ${environment.environment}: in ${workspace}\n`);
    for (const [name, value] of Object.entries(account.variables)) output.write(`export ${name}=${value}\n`);
  }
  output.write("\nEverything keeps running until Ctrl-C\n");
  await new Promise((resolve) => {
    signal.addEventListener("abort", resolve);
  });
};
