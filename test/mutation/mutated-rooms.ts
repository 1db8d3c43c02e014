/** What is mutated together, the tests that have to notice, and how many of the mutants they must notice. */
export interface MutatedRoom {
  /** Files, or `**` for all sources of a folder. */
  readonly mutate: readonly string[];
  /** Asked about every mutant: those that need no database and no program of their own. */
  readonly quickTests: readonly string[];
  /** Asked about the mutants that the quick tests did not notice. */
  readonly allTests: readonly string[];
  /** Per cent of the mutants that a test must notice; below it, the run fails. */
  readonly minScore: number;
}

const inFolder = (folder: string, names: readonly string[]): string[] =>
  names.map((name) => `${folder}/${name}.test.ts`);

const QUICK_HANDLER_TESTS = inFolder("test/handler", [
  ...["aws-clients", "configuration", "directory-item", "ecs-event", "errors", "event-log", "event-memory"],
  ...[
    "event-processor",
    "event-time",
    "handler",
    "look-up-plan",
    "lost-race",
    "pause",
    "service-memory",
    "service-tags",
  ],
  ...[
    "tenant-lookup",
    "tenant-row",
    "tenant-state",
    "tenant-tags",
    "transition-table",
    "violations",
    "whole-history",
  ],
]);

const QUICK_RECONCILE_TESTS = [
  ...inFolder("test/reconcile", [
    ...[
      "cluster-services",
      "compare-rows",
      "compare-tenant",
      "drift",
      "ecs-verdict",
      "fleet",
      "fleet-finding",
    ],
    ...[
      "forget-future",
      "fuse",
      "invoke-handler",
      "observe-services",
      "random-worlds",
      "repair",
      "repair-event",
    ],
    ...["request-pace", "service-arn", "spool", "tenant-key"],
  ]),
  "test/reconciler/repair-all.test.ts",
];

const QUICK_OPS_TESTS = [
  ...inFolder("test/ops/aws/lambda", ["live-period", "release-history", "release-record"]),
  ...inFolder("test/ops/checks", ["activity", "invoke-permission", "maintenance-window", "vitals"]),
  ...inFolder("test/ops/dlq", ["lanes", "letters"]),
  "test/checklist/exit-code.test.ts",
];

/** The commands that decide by these modules; the others' tests would only take their time. */
const DECIDING_COMMANDS = [
  ...["dlq", "gate", "history", "monitor", "release", "rollback", "rollback-infrastructure"],
  ...["verified-release", "verify"],
];

/**
 * The rooms whose mistakes would write a wrong status, and the modules of the others that decide: whether a release is good,
 * what is replayed, and where a rollback returns to. What only calls AWS, and what only prints, is left to the other tests.
 */
export const MUTATED_ROOMS: Readonly<Record<string, MutatedRoom>> = {
  handler: {
    mutate: ["handler/**/*.ts"],
    quickTests: QUICK_HANDLER_TESTS,
    allTests: [
      ...QUICK_HANDLER_TESTS,
      ...inFolder("test/handler", ["fast-path", "index", "tenant-lookup-model", "tenant-store"]),
    ],
    minScore: 98,
  },
  reconcile: {
    mutate: ["reconcile/**/*.ts"],
    quickTests: QUICK_RECONCILE_TESTS,
    allTests: [
      ...QUICK_RECONCILE_TESTS,
      ...inFolder("test/ops/commands", ["forget-future", "reconcile", "tenant"]),
    ],
    minScore: 90,
  },
  ops: {
    mutate: [
      // windows and gates
      "ops/checks/maintenance-window.ts",
      "ops/checks/promotion.ts",
      "ci/release/release-order.ts",
      // judgements
      "ops/checks/activity.ts",
      "ops/checks/recent-past.ts",
      "ops/checks/vitals.ts",
      "ops/checks/rule-checks.ts",
      "ops/checks/infrastructure-rollback.ts",
      "checklist/exit-code.ts",
      // filters and lanes
      "ops/dlq/dead-letter.ts",
      "ops/dlq/filter.ts",
      "ops/dlq/held-messages.ts",
      "ops/dlq/lanes.ts",
      "ops/dlq/unwrap.ts",
      // release history
      "ops/aws/lambda/live-period.ts",
      "ops/aws/lambda/release-history.ts",
      "ops/aws/lambda/release-record.ts",
      "ops/checks/prune-aliases.ts",
      // permissions
      "ops/checks/invoke-permission.ts",
    ],
    quickTests: QUICK_OPS_TESTS,
    allTests: [
      ...QUICK_OPS_TESTS,
      "test/ops/dlq/held-messages.test.ts",
      ...inFolder("test/ops/commands", DECIDING_COMMANDS),
      "test/ci/release*.test.ts",
    ],
    minScore: 85,
  },
};
