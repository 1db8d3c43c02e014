import { stat } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { REPOSITORY } from "../build/handler-bundle.ts";
import { isWrongOption } from "../build/wrong-option.ts";
import { writeDocument } from "./document.ts";
import { figures } from "./figures.ts";
import { nodeRuntimes } from "./lambda-node.ts";
import { describeMachine } from "./machine.ts";
import { measurePeers, type PeerCosts } from "./measure-peers.ts";
import { measurePrograms } from "./measure-programs.ts";
import { preparePeers } from "./peers.ts";
import { formatReport, type Report } from "./report.ts";
import { WORK } from "./work.ts";

const EFFORT = { loads: 96, blocks: 42, eventsPerBlock: 200, warmUpEvents: 4000, memoryEvents: 20_000 };
const PROGRAM_ROUNDS = 5;

/**
 * `npm run bench`: measures the handler beside what one would use instead, and the other figures that have goals.
 * With `--json` for machines; with `--docs` it also writes docs/performance.md.
 */
try {
  const { json, docs } = parseArgs({
    options: { json: { type: "boolean", default: false }, docs: { type: "boolean", default: false } },
  }).values;
  const report = await measure();
  console.log(json ? JSON.stringify(report, undefined, 2) : formatReport(report));
  if (docs) await writeDocument(report, join(REPOSITORY, "docs"));
} catch (error) {
  if (!isWrongOption(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function measure(): Promise<Report> {
  const executables = process.env["PATH"] ?? ""; // eslint-disable-line no-restricted-syntax -- an edge
  const prepared = await preparePeers();
  const available = await nodeRuntimes();
  const runtimes: PeerCosts[] = [];
  for (const runtime of available.runtimes) {
    console.error(`Measuring the handler and its peers on Node ${runtime.version} …`);
    runtimes.push(await measurePeers(runtime, prepared.peers, EFFORT, executables));
  }
  console.error("Measuring main.ts and reconcile …");
  const programs = await measurePrograms(executables, PROGRAM_ROUNDS);
  const { size: zipBytes } = await stat(join(WORK, "handler", "handler.zip"));
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: await describeMachine(),
    figures: figures({ zipBytes, runtimes, programs }),
    runtimes,
    left: [...prepared.left, ...available.left],
  };
}
