import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Which room may know which: dependencies point one way. The rooms are data, as the table and the tree in
 * docs/architecture.md are generated from them.
 */
const { test, ...rooms } = JSON.parse(readFileSync(join(import.meta.dirname, "rooms.json"), "utf8"));
if (test.knows !== "all") throw new Error("The tests know all rooms");

/** A rule for each of the rooms that lie in one folder: it knows those that it is said to know, and no other. */
const rulesFor = (folder, siblings, further = []) =>
  Object.entries(siblings).map(([room, { knows }]) => ({
    name: `${folder}${room}-knows-${knows.join("-and-") || "no-other-room"}`,
    severity: "error",
    from: { path: `^${folder}${room}/` },
    to: {
      path: `^${folder}(${[...Object.keys(siblings), ...further].join("|")})/`,
      pathNot: `^${folder}(${[room, ...knows].join("|")})/`,
    },
  }));

/** Of the handler, other rooms see its contracts alone. */
const handlerContracts =
  "^handler/(transition-data\\.ts|transition-table\\.ts|transitions\\.json|transitions\\.schema\\.json|answer\\.ts)$";

/** One command cures a row by itself: it writes with the handler's own means, so that both write rows of one form. */
const handlerWriting = "^handler/(expression|merge-path|row-change|row-key|update-item)\\.ts$";

/**
 * The operator's tools also ask the handler's pure parts what it would make of an event or a row, rather than judge
 * for themselves: how it reads an event, and what an event does to a row.
 */
const handlerJudgement =
  "^handler/(directory-item|ecs-event|errors|event-memory|event-time|item|row-attributes|tenant-row|tenant-state|tenant-tags)\\.ts$";

/** The second function is made of the first one's parts where both do the same: they run side by side, from one zip. */
const handlerParts = "^handler/(aws-clients|configuration|logger|violations)\\.ts$";

export default {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-orphans",
      severity: "error",
      from: { orphan: true, pathNot: "\\.(d\\.ts|mjs|cjs|json)$|^test/|main\\.ts$" },
      to: {},
    },
    ...rulesFor("", rooms, ["test"]),
    ...Object.entries(rooms).flatMap(([room, { within = {} }]) => rulesFor(`${room}/`, within)),
    {
      name: "ops-main-is-the-edge",
      severity: "error",
      from: { path: "^ops/" },
      to: { path: "^ops/main\\.ts$" },
    },
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
      from: { path: "^(stacks|ops|local|docs)/", pathNot: "^ops/(dlq|tenants)/" },
      to: { path: "^handler/", pathNot: handlerContracts },
    },
    {
      name: "handler-by-its-judgement",
      comment:
        "What replays events, repairs rows or says why a row is as it is must judge as the handler does.",
      severity: "error",
      from: { path: "^(ops/(dlq|tenants)|reconcile)/" },
      to: { path: "^handler/", pathNot: [handlerContracts, handlerJudgement, handlerWriting] },
    },
    {
      name: "handler-by-its-parts",
      comment: "What reconciles by a schedule logs, asks and is configured as the handler is.",
      severity: "error",
      from: { path: "^reconciler/" },
      to: {
        path: "^handler/",
        pathNot: [handlerContracts, handlerJudgement, handlerWriting, handlerParts],
      },
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
