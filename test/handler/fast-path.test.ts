import { ConditionalCheckFailedException, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { type EventMemory, type NamedOccurrence, remember } from "../../handler/event-memory.ts";
import { fastPathUpdate } from "../../handler/fast-path.ts";
import { writeMemory } from "../../handler/memory-attribute.ts";
import { foldMemory } from "../../handler/tenant-state.ts";
import {
  createTransitionTable,
  type TransitionTable,
  transitionTable,
} from "../../handler/transition-table.ts";
import { createTestTable, type TestTable } from "./dynamodb.ts";

type Row = Readonly<Record<string, unknown>>;

const NOW = new Date("2026-03-01T10:00:05.123Z");
const occurrence = (name: string, second: number, deploymentId?: string): NamedOccurrence => ({
  name,
  at: `2026-03-01T10:00:${String(second).padStart(2, "0")}Z`,
  id: `${name}@${second}`,
  deploymentId,
});
const start = (second: number, deploymentId?: string): NamedOccurrence =>
  occurrence("DEPLOYMENT_IN_PROGRESS", second, deploymentId);
const rollback = (second: number, deploymentId?: string): NamedOccurrence =>
  occurrence("DEPLOYMENT_ROLLBACK_STARTED", second, deploymentId);
const completed = (second: number, deploymentId?: string): NamedOccurrence =>
  occurrence("DEPLOYMENT_COMPLETED", second, deploymentId);
const failed = (second: number, deploymentId?: string): NamedOccurrence =>
  occurrence("DEPLOYMENT_FAILED", second, deploymentId);
const steady = (second: number): NamedOccurrence => occurrence("SERVICE_STEADY_STATE", second);
const [one, other] = ["ecs-svc/1", "ecs-svc/2"];

/** The one request, put to a real DynamoDB, on rows as it may find them. */
describe("the fast path", () => {
  let dynamoDb: TestTable;
  before(async () => {
    dynamoDb = await createTestTable();
  });
  after(() => dynamoDb.close());

  /** A row as the handler has left it after these events, and what others have done to it since. */
  const rowAfter = (
    events: readonly NamedOccurrence[],
    changes: Row = {},
    table: TransitionTable = transitionTable,
  ): Row => {
    const memory = events.reduce<EventMemory>((known, next) => remember(known, next, table), []);
    const state = foldMemory(memory, table);
    const row: Row = {
      status: state?.status,
      ecs_status: state?.status,
      status_since: {},
      last_event: state?.lastEvent,
      events: writeMemory(memory, table),
      deployment_id: state?.deploymentId,
      revision: 1,
      ...changes,
    };
    // Without what is undefined.
    return JSON.parse(JSON.stringify(row)) as Row;
  };

  let sequence = 0;
  /** The row after the event; undefined when its conditions refused it. */
  const send = async (
    row: Row,
    event: NamedOccurrence,
    table: TransitionTable = transitionTable,
  ): Promise<Row | undefined> => {
    const rule = table.rule(event.name);
    if (rule === undefined) throw new Error(`no rule ${event.name}`);
    const key = { tenant_id: `tenant-${sequence++}` };
    await dynamoDb.put({ ...key, ...row });
    const address = { tenantId: "", tableName: dynamoDb.name, key, statusAttribute: "status" };
    const update = fastPathUpdate(address, { rule, occurrence: event, serviceArn: "arn:s" }, table, NOW);
    try {
      await dynamoDb.client.send(new UpdateItemCommand(update));
      return await dynamoDb.get(key);
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  };

  const cases: [what: string, outcome: "is written" | "is refused", row: Row, event: NamedOccurrence][] = [
    // newer
    ["a later event", "is written", rowAfter([start(1, one)]), steady(2)],
    ["one of the same second that counts as later", "is written", rowAfter([completed(5, one)]), steady(5)],
    ["one of the same second that counts as earlier", "is refused", rowAfter([steady(5)]), completed(5, one)],
    ["the same again", "is refused", rowAfter([steady(5)]), steady(5)],
    ["a late one", "is refused", rowAfter([steady(5)]), occurrence("SERVICE_DESIRED_COUNT_UPDATED", 4)],

    // twins
    ["a named start, a second later", "is refused", rowAfter([steady(5)]), start(6, one)],
    ["a named start, two seconds later", "is written", rowAfter([steady(5)]), start(7, one)],
    ["an unnamed completion, a second later", "is refused", rowAfter([steady(5)]), completed(6)],
    ["an unnamed completion, two seconds later", "is written", rowAfter([steady(5)]), completed(7)],
    ["a named completion, a second later", "is written", rowAfter([steady(5)]), completed(6, one)],

    // statuses
    [
      "what the status is left alone by",
      "is refused",
      rowAfter([steady(1)], { status: "SUSPENDED" }),
      steady(9),
    ],
    [
      "what ECS's status is left alone by",
      "is refused",
      rowAfter([steady(1)], { ecs_status: "DEPROVISIONED" }),
      steady(9),
    ],

    // the current deployment
    ["the current deployment's end", "is written", rowAfter([start(1, one)]), completed(9, one)],
    ["another deployment's end", "is refused", rowAfter([start(1, one)]), completed(9, other)],
    ["an end where no start was seen", "is written", rowAfter([steady(1)]), completed(9, one)],
    ["an end that names no deployment", "is written", rowAfter([start(1, one)]), failed(9)],
    ["the start of another one", "is written", rowAfter([start(1, one)]), start(9, other)],

    // the entry that it replaces
    ["an end of the same deployment again", "is written", rowAfter([failed(1, one)]), failed(9, one)],
    [
      "an end of another deployment than the one remembered",
      "is refused",
      rowAfter([failed(1, one)]),
      failed(9, other),
    ],
    [
      "an end where another deployment's is remembered, too",
      "is refused",
      rowAfter([failed(3, other), failed(5, one)]),
      failed(9, one),
    ],
    ["a named end after an unnamed one", "is refused", rowAfter([failed(1)]), failed(9, one)],
    ["an unnamed end after an unnamed one", "is written", rowAfter([failed(1)]), failed(9)],
    ["an unnamed end after a named one", "is refused", rowAfter([failed(1, one)]), failed(9)],
    [
      "an unnamed end where several are remembered, the newest unnamed",
      "is refused",
      rowAfter([failed(1, one), failed(5)]),
      failed(9),
    ],
    ["a rollback after a named one", "is written", rowAfter([rollback(1, one)]), rollback(9, other)],
    ["a rollback after an unnamed one", "is refused", rowAfter([rollback(1)]), rollback(9, other)],
    [
      "an event of no deployment, whatever its entry names",
      "is written",
      rowAfter([{ ...steady(1), deploymentId: one }]),
      steady(9),
    ],

    // an entry that may hold its twin
    ["a rollback after a named start", "is written", rowAfter([start(1, one)]), rollback(9, other)],
    ["a rollback after an unnamed start", "is refused", rowAfter([start(1)]), rollback(9, other)],
    [
      "a rollback after a named start whose entry has others",
      "is refused",
      rowAfter([start(4, one)], {
        events: {
          DEPLOYMENT_IN_PROGRESS: { ...start(4, one), others: [{ at: start(1).at, id: "unnamed" }] },
        },
      }),
      rollback(9, other),
    ],
    ["an unnamed rollback after a named start", "is written", rowAfter([start(1, one)]), rollback(9)],

    // what it means
    ["a completion after a rollback's start", "is refused", rowAfter([rollback(1, one)]), completed(9, one)],
    ["a failure after a rollback's start", "is written", rowAfter([rollback(1, one)]), failed(9, one)],
  ];
  for (const [what, outcome, row, event] of cases) {
    it(`${outcome}: ${what}`, async () => {
      expect((await send(row, event)) === undefined ? "is refused" : "is written").to.equal(outcome);
    });
  }

  it("adds to the memory, and leaves the rest of it and the current deployment as they were", async () => {
    const events = [start(1, one), occurrence("SERVICE_DESIRED_COUNT_UPDATED", 3)];
    const row = await send(
      rowAfter(events, { status_since: { SCALING: "then", FAILED: "once" } }),
      failed(9, one),
    );
    expect(row).to.deep.include({
      status: "FAILED",
      ecs_status: "FAILED",
      status_at: failed(9).at,
      status_since: { FAILED: "once" },
      events: {
        DEPLOYMENT_IN_PROGRESS: { at: start(1).at, id: start(1).id, deploymentId: one },
        SERVICE_DESIRED_COUNT_UPDATED: { at: start(3).at, id: "SERVICE_DESIRED_COUNT_UPDATED@3" },
        DEPLOYMENT_FAILED: { at: failed(9).at, id: failed(9).id, deploymentId: one },
      },
      deployment_id: one,
      service_arn: "arn:s",
      revision: 2,
    });
  });

  it("forgets all else with a start that names its deployment, and nothing with one that does not", async () => {
    const before = rowAfter([start(1, one), steady(3)]);
    const named = await send(before, start(9, other));
    expect(named).to.deep.include({
      events: { DEPLOYMENT_IN_PROGRESS: { at: start(9).at, id: start(9).id, deploymentId: other } },
      deployment_id: other,
    });
    const unnamed = await send(rowAfter([start(1), steady(3)]), start(9));
    expect(unnamed).to.deep.include({
      events: {
        DEPLOYMENT_IN_PROGRESS: { at: start(9).at, id: start(9).id },
        SERVICE_STEADY_STATE: { at: steady(3).at, id: steady(3).id },
      },
    });
    const forgotten = await send(rowAfter([start(1), steady(3)], { deployment_id: one }), start(9));
    expect(forgotten, "which deployment is the current one").to.not.have.property("deployment_id");
  });

  it("asks of another entry only that it names a deployment, where that may hold its twin", async () => {
    const end = { status: "A", neverFrom: [], onlyCurrentDeployment: true as const };
    const table = createTransitionTable({
      protected: [],
      events: [
        { ...end, name: "REVERTED", from: [{ eventName: "ENDED", reasonContains: ["back"] }] },
        { ...end, name: "FINISHED", from: [{ eventName: "ENDED" }] },
      ],
    });
    const row = (deploymentId?: string): Row =>
      rowAfter([occurrence("FINISHED", 1, deploymentId)], {}, table);
    const reverted = occurrence("REVERTED", 9, one);
    expect(await send(row(other), reverted, table)).to.deep.include({ status: "A" });
    expect(await send(row(), reverted, table)).to.equal(undefined);
  });

  describe("of a table in which events leave no status alone", () => {
    const table = createTransitionTable({
      protected: [],
      events: [
        { name: "FIRST", status: "A", from: [], neverFrom: [] },
        { name: "SECOND", status: "B", from: [], neverFrom: [] },
      ],
    });
    for (const [outcome, second] of [
      ["is refused", 5],
      ["is written", 6],
    ] as const) {
      it(`${outcome}: the event of the lowest precedence, ${second - 5} s later`, async () => {
        const row = await send(
          rowAfter([occurrence("SECOND", 5)], {}, table),
          occurrence("FIRST", second),
          table,
        );
        expect(row?.["status"]).to.equal(outcome === "is written" ? "A" : undefined);
      });
    }
  });
});
