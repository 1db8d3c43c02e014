import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { bundleSettings } from "../build/bundle-settings.ts";
import { REPOSITORY } from "../build/handler-bundle.ts";
import { loadEnvironment } from "../envs/load.ts";
import { bundle } from "./variants.ts";
import { startBackgroundProgram } from "./background-program.ts";
import { type Sample, summarizeSamples } from "./statistics.ts";
import { WORK } from "./work.ts";

/** What the infrastructure program and reconcile cost. */
export interface ProgramCosts {
  /** `npx tsx main.ts`, from start to end. */
  readonly synthSeconds: Sample;
  /** CPU time of the same for more environments, by their number. */
  readonly synthCpuSeconds: ReadonlyMap<number, Sample>;
  readonly reconcile: {
    readonly services: number;
    /** `npm run ops -- reconcile`, from start to end. */
    readonly seconds: Sample;
    /** At most, ever. */
    readonly rssMegabytes: Sample;
  };
}

export const SYNTH_COUNTS = [1, 50, 100] as const;
const SERVICES = 10_000;

export const measurePrograms = async (path: string, rounds: number): Promise<ProgramCosts> => {
  const usage = await bundle("bench/report-usage.ts", "report-usage", bundleSettings);
  const environment = { PATH: path, HOME: WORK, CDKTF_OUTDIR: join(WORK, "cdktf.out"), CI: "1" };
  const tsx = (program: string, ...args: string[]): Promise<ProgramRun> =>
    measureProgram(process.execPath, ["--import", "tsx", "--require", usage, program, ...args], environment);

  // The first run builds the zip, and fills the cache of tsx.
  await tsx("main.ts");
  const synth: ProgramRun[] = [];
  const growth = new Map(SYNTH_COUNTS.map((count): [number, ProgramRun[]] => [count, []]));
  for (let round = 0; round < rounds; round++) {
    synth.push(await measureProgram("npx", ["tsx", "main.ts"], environment));
    for (const [count, runs] of growth) runs.push(await tsx("bench/synthesize.ts", String(count)));
  }

  const dev = loadEnvironment("dev");
  const stub = await bundle("bench/aws-stub.ts", "aws-stub", bundleSettings);
  const aws = startBackgroundProgram(process.execPath, [stub, String(SERVICES), dev.accountId, dev.cluster]);
  const reconcile: ProgramRun[] = [];
  try {
    Object.assign(environment, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${await aws.firstLine()}`,
      AWS_ACCESS_KEY_ID: "AKIATEST",
      AWS_SECRET_ACCESS_KEY: "secret",
    });
    for (let round = 0; round < rounds; round++) {
      const reconciled = await tsx("ops/main.ts", "reconcile", "dev", "--json");
      if (
        !reconciled.output.includes(`"agreeing": ${SERVICES}`) &&
        !reconciled.output.includes(`"agreeing":${SERVICES}`)
      )
        throw new Error(`reconcile did not look at ${SERVICES} services: ${reconciled.output.slice(0, 500)}`);
      reconcile.push(reconciled);
    }
  } finally {
    await aws.stop();
  }

  return {
    synthSeconds: summarizeSamples(synth.map(({ seconds }) => seconds)),
    synthCpuSeconds: new Map(
      [...growth].map(([count, runs]) => [count, summarizeSamples(runs.map(({ cpuSeconds }) => cpuSeconds))]),
    ),
    reconcile: {
      services: SERVICES,
      seconds: summarizeSamples(reconcile.map(({ seconds }) => seconds)),
      rssMegabytes: summarizeSamples(reconcile.map(({ rssMegabytes }) => rssMegabytes)),
    },
  };
};

interface ProgramRun {
  readonly seconds: number;
  /** Not a number when the program was not told to report it. */
  readonly cpuSeconds: number;
  readonly rssMegabytes: number;
  readonly output: string;
}

export const measureProgram = async (
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ProgramRun> => {
  const start = performance.now();
  const child = spawn(command, args, { cwd: REPOSITORY, env, stdio: ["ignore", "pipe", "pipe", "pipe"] });
  const said = (descriptor: number): Promise<string> => text(child.stdio[descriptor] as Readable);
  const [output, complaints, usage, [code]] = await Promise.all([
    said(1),
    said(2),
    said(3),
    once(child, "exit") as Promise<[number | null]>,
  ]);
  const seconds = (performance.now() - start) / 1000;
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${complaints}${output}`);
  const { cpuMicroseconds = NaN, rssBytes = NaN } =
    usage === "" ? {} : (JSON.parse(usage) as { cpuMicroseconds: number; rssBytes: number });
  return { seconds, cpuSeconds: cpuMicroseconds / 1e6, rssMegabytes: rssBytes / 1e6, output };
};
