/** What `npm test` was told. */
export interface TestChoice {
  /** Run these alone; all when there are none. */
  readonly files: readonly string[];
  readonly fast?: true | undefined;
  /** Measure what the tests reach. Of all of them: a part says nothing. */
  readonly coverage?: true | undefined;
  /** Run only the tests whose title has this. */
  readonly grep?: string | undefined;
  /** How many processes share the test files. */
  readonly jobs: number;
}

/** Where the programs are that Node.js is to run. */
export interface TestPrograms {
  readonly c8: string;
  readonly mocha: string;
}

/**
 * Node's arguments for the tests that were chosen. A test file is run by one process; the files that take longest come first, so
 * that the processes end at about the same time.
 * @param every every test file of the repository.
 */
export const planTestRun = (
  { files, fast, coverage, grep, jobs }: TestChoice,
  every: readonly string[],
  { c8, mocha }: TestPrograms,
): string[] => {
  const filter = grep === undefined ? [] : ["--grep", grep];
  if (files.length > 0) return [mocha, ...filter, ...files];
  const shared = [mocha, "--parallel", "--jobs", String(jobs), ...filter];
  if (fast === true) return [...shared, ...every.filter(isFast)];
  const ordered = [...LONGEST, ...every.filter((file) => !LONGEST.includes(file))];
  return [...(coverage === true ? [c8] : []), ...shared, ...ordered];
};

/** By how long they take; what is not here takes a few seconds at most. */
export const LONGEST: readonly string[] = [
  "test/local/main.test.ts",
  "test/docs/newcomers-walk.test.ts",
  "test/docs/fourth-environment.test.ts",
  "test/rehearsal/emulator/moto-corrected.test.ts",
  "test/reconciler/reconciler.test.ts",
  "test/supply/audit.test.ts",
  "test/build/bundle-faults.test.ts",
  "test/stacks/terraform.test.ts",
  "test/storm/storm.test.ts",
  "test/handler/tenant-store.test.ts",
  "test/stacks/security-options.test.ts",
  "test/build/built-bundle.test.ts",
  "test/checklist/programs.test.ts",
  "test/ci/plan.test.ts",
  "test/ops/commands/reconcile.test.ts",
  "test/ops/commands/reconcile-large-fleet.test.ts",
  "test/build/log-lines.test.ts",
  "test/build/bundle-network.test.ts",
  "test/stacks/main.test.ts",
  "test/ops/dlq/crash.test.ts",
];

/** Rooms whose tests decide without a program, a database or a stack of their own, except for those of `SLOW`. */
const FAST = /^test\/(handler|envs|checklist|reconcile|ops\/(aws|checks|dlq)|stacks\/event-patterns)\b/;

export const SLOW: readonly string[] = [
  "test/checklist/programs.test.ts",
  "test/handler/fast-path.test.ts",
  "test/handler/row-attribute-recipe.test.ts",
  "test/handler/tenant-store.test.ts",
  "test/ops/dlq/crash.test.ts",
  "test/ops/dlq/held-messages.test.ts",
];

const isFast = (file: string): boolean => FAST.test(file) && !SLOW.includes(file);
