/** Which room may know which: dependencies point one way. */
const rooms = {
  handler: [],
  envs: [],
  build: ["checklist", "handler"],
  local: ["build", "checklist", "handler"],
  stacks: ["checklist", "envs", "handler"],
  checklist: [],
  reconcile: ["checklist", "envs", "handler"],
  ops: ["build", "checklist", "envs", "handler", "reconcile", "stacks"],
  ci: ["build", "checklist", "envs", "ops", "stacks"],
  docs: ["checklist", "envs", "handler"],
  rehearsal: ["build", "checklist", "envs", "handler", "ops", "stacks"],
  bench: ["build", "checklist", "envs", "stacks"],
};

/** The rooms within ops: what declares a command and the context (ops/command.ts, ops/context.ts) all of them know. */
const opsRooms = {
  aws: [],
  terraform: [],
  dlq: ["aws"],
  reconcile: ["aws"],
  checks: ["aws", "terraform"],
  commands: ["aws", "checks", "dlq", "reconcile"],
  cli: ["aws", "commands"],
};

/** Of the handler, other rooms see its contracts alone. */
const handlerContracts =
  "^handler/(transition-table\\.ts|transitions\\.json|transitions\\.schema\\.json|answer\\.ts)$";

/**
 * The operator's tools also ask the handler's pure parts what it would make of an event or a row, rather than have an
 * opinion of their own: how it reads an event, and what an event does to a row.
 */
const handlerOpinions =
  "^handler/(ecs-event|errors|event-memory|event-time|tenant-row|tenant-state|tenant-tags)\\.ts$";

export default {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-orphans",
      severity: "error",
      from: { orphan: true, pathNot: "\\.(d\\.ts|mjs|cjs|json)$|^test/|main\\.ts$" },
      to: {},
    },
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `${room}-knows-${allowed.join("-and-") || "no-other-room"}`,
      severity: "error",
      from: { path: `^${room}/` },
      to: {
        path: `^(${[...Object.keys(rooms), "test"].join("|")})/`,
        pathNot: `^(${[room, ...allowed].join("|")})/`,
      },
    })),
    ...Object.entries(opsRooms).map(([room, allowed]) => ({
      name: `ops-${room}-knows-${allowed.join("-and-") || "no-other-room-of-ops"}`,
      severity: "error",
      from: { path: `^ops/${room}/` },
      to: {
        path: `^ops/(${Object.keys(opsRooms).join("|")}|main\\.ts$)`,
        pathNot: `^ops/(${[room, ...allowed].join("|")})/`,
      },
    })),
    {
      name: "ops-context-knows-aws",
      comment: "What every room of ops builds on builds on none of them but the clients of AWS.",
      severity: "error",
      from: { path: "^ops/(command|context)\\.ts$" },
      to: { path: "^ops/", pathNot: "^ops/(aws/|context\\.ts$)" },
    },
    {
      name: "emulator-knows-the-clients-alone",
      comment:
        "What pretends to be AWS is apart from what rehearses, and shares no judgement with what is rehearsed: two mistakes must not hide each other.",
      severity: "error",
      from: { path: "^rehearsal/emulator/" },
      to: { path: "^(rehearsal|ops)/", pathNot: "^(rehearsal/emulator/|ops/aws/clients\\.ts$)" },
    },
    {
      name: "handler-by-its-contracts",
      comment:
        "The infrastructure and the operator's tools know the handler by its zip, its table and its answer.",
      severity: "error",
      from: { path: "^(stacks|ops|local|docs)/", pathNot: "^ops/dlq/" },
      to: { path: "^handler/", pathNot: handlerContracts },
    },
    {
      name: "handler-by-its-opinions",
      comment: "What replays events and repairs rows must judge them as the handler does.",
      severity: "error",
      from: { path: "^(ops/dlq|reconcile)/" },
      to: { path: "^handler/", pathNot: [handlerContracts, handlerOpinions] },
    },
    {
      name: "no-unlisted-packages",
      severity: "error",
      from: {},
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
    { name: "nothing-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|cdktf\\.out|coverage)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
