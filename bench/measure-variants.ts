import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundleSettings } from "../build/bundle-settings.ts";
import { REPOSITORY } from "../build/handler-bundle.ts";
import { EVENT, FUNCTION_ENVIRONMENT } from "./event.ts";
import type { NodeRuntime } from "./lambda-node.ts";
import { bundle, type Variant, type VariantId } from "./variants.ts";
import { startBackgroundProgram } from "./background-program.ts";
import { type Sample, summarizeSamples } from "./statistics.ts";
import { WORK } from "./work.ts";
import { type Cost, WorkerProcess } from "./worker-process.ts";

/** What the handler and the other variants cost on one Node. */
export interface VariantCosts {
  readonly node: string;
  readonly isLambdas: boolean;
  /** Node with nothing loaded. */
  readonly bare: LoadCosts;
  readonly variants: readonly (LoadCosts & {
    readonly id: VariantId;
    readonly title: string;
    /** CPU time for one event once warm. */
    readonly eventMicroseconds: Sample;
  })[];
  /** Of the handler. */
  readonly rssMegabytesAfterEvents: {
    /** With the heap that V8 allows itself in a function of 256 MB. */
    readonly inFunction: number;
    /** With the heap that V8 allows itself on this machine. */
    readonly here: number;
  };
  readonly dynamoDbRequestsPerEvent: number;
  readonly ecsRequestsPerEvent: number;
}

interface LoadCosts {
  /** CPU time of the whole process until all is loaded. */
  readonly loadMilliseconds: Sample;
  readonly rssMegabytes: Sample;
}

export interface Effort {
  /** Rounds of loading. */
  readonly loads: number;
  /** Rounds of events: blocks so small that what disturbs one variant disturbs its neighbours too. */
  readonly blocks: number;
  readonly eventsPerBlock: number;
  readonly warmUpEvents: number;
  /** Before the memory is looked at. */
  readonly memoryEvents: number;
}

/**
 * V8 sizes its heap by the machine's memory: half of it for the old generation, and of that a 128th for each half of
 * the young one (v8/src/heap/heap.cc). On a machine with much memory it lets garbage lie far longer than in a function.
 */
export const HEAP_OF_A_FUNCTION = ["--max-old-space-size=128", "--max-semi-space-size=1"];

/**
 * Measures in rounds, each variant in each round, so that whatever else the machine does meets them all alike.
 * @param executables where to find Python, as in `PATH`.
 */
export const measureVariants = async (
  { version, path: node, isLambdas }: NodeRuntime,
  variants: readonly Variant[],
  effort: Effort,
  executables: string,
): Promise<VariantCosts> => {
  const nodeWorker = await bundle("bench/worker.ts", "worker", bundleSettings);
  const stub = await bundle("bench/aws-stub.ts", "aws-stub", bundleSettings);
  const eventPath = join(WORK, "event.json");
  await writeFile(eventPath, JSON.stringify(EVENT));
  const aws = startBackgroundProgram(process.execPath, [stub]);
  const endpoint = `http://127.0.0.1:${await aws.firstLine()}`;
  const environment: Record<string, string> = {
    ...FUNCTION_ENVIRONMENT,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ENDPOINT_URL_ECS: endpoint,
    EVENT_SCHEMA: join(REPOSITORY, "handler", "ecs-event.schema.json"),
    PATH: executables,
  };
  const start: Start = ({ language, path }, flags = []) => {
    const [command, worker] =
      language === "node" ? [node, nodeWorker] : ["python3", join(REPOSITORY, "bench", "worker.py")];
    return new WorkerProcess(
      command,
      [...flags, worker, ...(path === undefined ? [] : [path, eventPath])],
      environment,
    );
  };
  const counts = async (): Promise<Record<string, number>> =>
    (await (await fetch(`${endpoint}/counts`)).json()) as Record<string, number>;

  const handler = variants.find(({ id }) => id === "handler");
  if (handler === undefined) throw new Error("There is nothing to compare with the variants");

  try {
    const first = start(handler);
    await first.loaded();
    await first.handle(1);
    environment["REQUEST"] = await (await fetch(`${endpoint}/update`)).text();
    const before = await counts();
    const { rssBytes: here } = await first.handle(effort.memoryEvents);
    const after = await counts();
    await first.stop();
    const small = start(handler, HEAP_OF_A_FUNCTION);
    await small.loaded();
    const { rssBytes: inFunction } = await small.handle(effort.memoryEvents);
    await small.stop();
    const perEvent = (operation: string): number =>
      ((after[operation] ?? 0) - (before[operation] ?? 0)) / effort.memoryEvents;

    const loads = await measureLoads([BARE, ...variants], start, effort);
    const events = await measureEvents(variants, start, effort);
    return {
      node: version,
      isLambdas,
      bare: loadCosts(loads, BARE),
      variants: variants.map((variant) => ({
        id: variant.id,
        title: variant.title,
        ...loadCosts(loads, variant),
        eventMicroseconds: summarizeSamples(
          of(events, variant).map(({ cpuMicroseconds }) => cpuMicroseconds / effort.eventsPerBlock),
        ),
      })),
      rssMegabytesAfterEvents: { inFunction: inFunction / 1e6, here: here / 1e6 },
      dynamoDbRequestsPerEvent: perEvent("UpdateItem") + perEvent("GetItem"),
      ecsRequestsPerEvent: perEvent("ListTagsForResource"),
    };
  } finally {
    await aws.stop();
  }
};

type Subject = Pick<Variant, "language"> & { readonly path?: string };
type Start = (subject: Subject, flags?: readonly string[]) => WorkerProcess;

const BARE: Subject = { language: "node" };

const measureLoads = async <T extends Subject>(
  subjects: readonly T[],
  start: Start,
  { loads }: Effort,
): Promise<Map<T, Cost[]>> => {
  const costs = new Map(subjects.map((subject): [T, Cost[]] => [subject, []]));
  for (let round = 0; round < loads; round++) {
    for (const subject of rotate(subjects, round)) {
      const worker = start(subject);
      of(costs, subject).push(await worker.loaded());
      await worker.stop();
    }
  }
  return costs;
};

const measureEvents = async (
  variants: readonly Variant[],
  start: Start,
  { blocks, eventsPerBlock, warmUpEvents }: Effort,
): Promise<Map<Variant, Cost[]>> => {
  const costs = new Map(variants.map((variant): [Variant, Cost[]] => [variant, []]));
  const workers = variants.map((variant) => [variant, start(variant)] as const);
  try {
    for (const [, worker] of workers) {
      await worker.loaded();
      await worker.handle(warmUpEvents);
    }
    for (let round = 0; round < blocks; round++) {
      for (const [variant, worker] of rotate(workers, round)) {
        of(costs, variant).push(await worker.handle(eventsPerBlock));
      }
    }
  } finally {
    for (const [, worker] of workers) await worker.stop();
  }
  return costs;
};

/** Each round begins with another one: what came just before has its effect on caches. */
const rotate = <T>(all: readonly T[], round: number): readonly T[] => {
  const first = round % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
};

const loadCosts = (loads: ReadonlyMap<Subject, readonly Cost[]>, subject: Subject): LoadCosts => ({
  loadMilliseconds: summarizeSamples(of(loads, subject).map(({ cpuMicroseconds }) => cpuMicroseconds / 1000)),
  rssMegabytes: summarizeSamples(of(loads, subject).map(({ rssBytes }) => rssBytes / 1e6)),
});

const of = <K, V>(map: ReadonlyMap<K, V>, key: K): V => {
  const value = map.get(key);
  if (value === undefined) throw new Error("Something was not measured");
  return value;
};
