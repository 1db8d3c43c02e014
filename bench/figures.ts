import type { VariantCosts } from "./measure-variants.ts";
import { type ProgramCosts, SYNTH_COUNTS } from "./measure-programs.ts";
import type { ReconcilerCosts } from "./measure-reconciler.ts";
import type { VariantId } from "./variants.ts";

/** Everything that was measured. */
export interface Measurements {
  readonly zipBytes: number;
  readonly runtimes: readonly VariantCosts[];
  readonly programs: ProgramCosts;
  readonly reconciler: readonly ReconcilerCosts[];
}

/** A figure that there is a goal for. */
export interface Figure {
  readonly title: string;
  /** Which Node it was measured on, where that matters. */
  readonly node?: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: Goal;
}

type Goal = { readonly atMost: number } | { readonly atLeast: number };

export const isReached = ({ value, goal }: Figure): boolean =>
  "atMost" in goal ? value <= goal.atMost : value >= goal.atLeast;

/** The figures with goals, as ratios where the machine would otherwise decide them. */
export const figures = ({ zipBytes, runtimes, programs, reconciler }: Measurements): readonly Figure[] => [
  { title: "Zip, ECS client included", value: zipBytes / 1000, unit: "kB", goal: { atMost: 74 } },
  ...runtimes.flatMap(figuresOfRuntime),
  ...figuresOfPrograms(programs),
  ...figuresOfReconciler(reconciler),
];

const figuresOfRuntime = (costs: VariantCosts): readonly Figure[] => {
  const variant = (id: VariantId): VariantCosts["variants"][number] => {
    const found = costs.variants.find((candidate) => candidate.id === id);
    if (found === undefined) throw new Error(`${id} was not measured`);
    return found;
  };
  const handler = variant("handler");
  const sdk = variant("sdk");
  const bare = costs.bare.loadMilliseconds.median;
  const loaded = handler.loadMilliseconds.median;
  return [
    {
      title: "CPU to load, bare Node taken off, over the DynamoDB client alone",
      value: (loaded - bare) / (sdk.loadMilliseconds.median - bare),
      unit: "×",
      goal: { atMost: 0.65 },
    },
    {
      title: "CPU of the whole process to load, over the handler not bundled",
      value: loaded / variant("unbundled").loadMilliseconds.median,
      unit: "×",
      goal: { atMost: 0.32 },
    },
    {
      title: "CPU for an event in order, over a bare UpdateItem send",
      value: handler.eventMicroseconds.median / sdk.eventMicroseconds.median,
      unit: "×",
      goal: { atMost: 1.05 },
    },
    {
      title: "Memory (RSS) once loaded, over bare Node",
      value: handler.rssMegabytes.median / costs.bare.rssMegabytes.median,
      unit: "×",
      goal: { atMost: 1.3 },
    },
    {
      title: "Memory (RSS) after 20,000 events, with the heap of a 256 MB function",
      value: costs.rssMegabytesAfterEvents.inFunction,
      unit: "MB",
      goal: { atMost: 90 },
    },
    {
      title: "Memory (RSS) after 20,000 events, with the heap that this machine allows",
      value: costs.rssMegabytesAfterEvents.here,
      unit: "MB",
      goal: { atMost: 90 },
    },
    {
      title: "DynamoDB requests for an event in order",
      value: costs.dynamoDbRequestsPerEvent,
      unit: "",
      goal: { atMost: 1 },
    },
    {
      title: "ECS requests for an event of a known service",
      value: costs.ecsRequestsPerEvent,
      unit: "",
      goal: { atMost: 0 },
    },
  ].map((figure) => ({ ...figure, node: costs.node }));
};

const figuresOfPrograms = ({ synthSeconds, synthCpuSeconds, reconcile }: ProgramCosts): readonly Figure[] => {
  const [one, half, all] = SYNTH_COUNTS;
  // Of the fastest runs: in a difference of two medians the noise of both would drown what is sought.
  const fastest = (count: number): number => synthCpuSeconds.get(count)?.min ?? NaN;
  const perEnvironment = (from: number, to: number): number => (fastest(to) - fastest(from)) / (to - from);
  return [
    {
      title: "`npx tsx main.ts`, all stacks",
      value: synthSeconds.median,
      unit: "s",
      goal: { atMost: 1.5 },
    },
    {
      title: `CPU for a further environment, from ${half} to ${all} over from ${one} to ${half}`,
      value: perEnvironment(half, all) / perEnvironment(one, half),
      unit: "×",
      goal: { atMost: 1.25 },
    },
    {
      title: `Services that reconcile compares, of ${reconcile.services.toLocaleString("en")}`,
      value: reconcile.services / reconcile.seconds.median,
      unit: "/s",
      goal: { atLeast: 1000 },
    },
    {
      title: "Memory (RSS) of reconcile, at most",
      value: reconcile.rssMegabytes.median,
      unit: "MB",
      goal: { atMost: 200 },
    },
  ];
};

/** ECS's limits make a run as long as it is; of its 15 minutes a run of five times as many services takes a third. */
const SECONDS_PER_10_000_SERVICES = 60;

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const MEGABYTES_PER_PROCESSOR = 1769;

const TIMEOUT_SECONDS = 900;

const figuresOfReconciler = (all: readonly ReconcilerCosts[]): readonly Figure[] => [
  ...all.flatMap(({ services, seconds, cpuSeconds, rssMegabytes }): Figure[] => {
    const run = `run of the reconciler, ${services.toLocaleString("en")} services`;
    return [
      {
        title: `A ${run}, its waits for ECS's limits simulated`,
        value: seconds,
        unit: "s",
        goal: { atMost: (services / 10_000) * SECONDS_PER_10_000_SERVICES },
      },
      {
        title: `CPU of a ${run}, at the share of a processor that 256 MB come with`,
        value: (cpuSeconds * MEGABYTES_PER_PROCESSOR) / 256,
        unit: "s",
        goal: { atMost: TIMEOUT_SECONDS },
      },
      {
        title: `Memory (RSS) of a ${run}, at most, with the heap of a 256 MB function`,
        value: rssMegabytes,
        unit: "MB",
        goal: { atMost: 256 },
      },
    ];
  }),
  {
    title: "Memory (RSS) of a run of the reconciler, for 50,000 services over for 10,000",
    value: (all.at(-1)?.rssMegabytes ?? NaN) / (all[0]?.rssMegabytes ?? NaN),
    unit: "×",
    goal: { atMost: 1.2 },
  },
];
