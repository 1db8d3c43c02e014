import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import fc from "fast-check";
import sinon from "sinon";
import { MalformedRowError, TenantStoreError } from "../../handler/errors.ts";
import type { NamedOccurrence } from "../../handler/event-memory.ts";
import { ATTRIBUTES } from "../../handler/row-attributes.ts";
import {
  createTenantStore,
  type Recorded,
  type TenantStore,
  type TenantStoreContext,
} from "../../handler/tenant-store.ts";
import { transitionTable } from "../../handler/transition-table.ts";
import { createTestTable, type Rows } from "./dynamodb.ts";
import { createFastTestTable } from "./fast-table.ts";
import { deliveries, histories } from "./histories.ts";

const NOW = new Date("2026-03-01T10:00:05.123Z");
/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
const itemBytes = (value: unknown): number =>
  typeof value === "object" && value !== null
    ? 3 + Object.entries(value).reduce((sum, [name, part]) => sum + 1 + name.length + itemBytes(part), 0)
    : String(value).length;

const time = (second: number): string => `2026-03-01T10:00:0${second}Z`;

describe("tenant store", () => {
  let table: Rows;
  const send = sinon.spy(
    (command: GetItemCommand | UpdateItemCommand, options?: { abortSignal?: AbortSignal }) =>
      table.client.send(command, options),
  );
  const wait = sinon.stub<Parameters<TenantStoreContext["wait"]>, Promise<void>>().resolves();

  const storeOver = (
    dynamoDb: Pick<DynamoDBClient, "send">,
    tenantKey: Record<string, string> = { tenant_id: "{tenantId}" },
    statusAttribute = "status",
    now = NOW,
  ): TenantStore =>
    createTenantStore({
      dynamoDb: dynamoDb as DynamoDBClient,
      configuration: { tenantsTable: table.name, tenantKey, statusAttribute },
      table: transitionTable,
      now: () => now,
      wait,
    });
  /** The handler a little later: by the time, a row tells one's own write from others'. */
  const laterStore = (): TenantStore =>
    storeOver({ send } as unknown as DynamoDBClient, undefined, undefined, new Date(NOW.getTime() + 1));

  const record = (
    store: TenantStore,
    tenantId: string,
    { name, ...occurrence }: NamedOccurrence,
    serviceArn?: string,
  ): Promise<Recorded> => {
    const rule = transitionTable.rule(name);
    if (rule === undefined) throw new Error(`no rule ${name}`);
    return store.record(
      tenantId,
      {
        rule,
        occurrence: { name, ...occurrence },
        serviceArn,
      },
      AbortSignal.timeout(20_000),
    );
  };

  let sequence = 0;
  const newTenant = async (row: Record<string, unknown> = {}): Promise<string> => {
    const tenantId = `tenant-${sequence++}`;
    await table.put({ tenant_id: tenantId, ...row });
    return tenantId;
  };
  const row = (tenantId: string): Promise<Record<string, unknown> | undefined> =>
    table.get({ tenant_id: tenantId });

  before(async () => {
    table = await createTestTable();
  });
  after(() => table.close());
  beforeEach(() => {
    send.resetHistory();
    wait.resetHistory();
  });

  const store = (): TenantStore => storeOver({ send } as unknown as DynamoDBClient);

  const started = { name: "DEPLOYMENT_IN_PROGRESS", at: time(1), id: "e1", deploymentId: "ecs-svc/1" };
  const completed = { name: "DEPLOYMENT_COMPLETED", at: time(3), id: "e3", deploymentId: "ecs-svc/1" };

  it("records a tenant's first event, and leaves what others keep on the row", async () => {
    const tenantId = await newTenant({ status: "PENDING", plan: "gold", tags: new Set(["a"]) });
    const recorded = await record(store(), tenantId, started, "arn:service");
    expect(recorded).to.deep.equal({
      kind: "recorded",
      event: "DEPLOYMENT_IN_PROGRESS",
      status: "PROVISIONING",
      previousStatus: "PENDING",
      changed: true,
      serviceArn: undefined,
    });
    expect(await row(tenantId)).to.deep.equal({
      tenant_id: tenantId,
      plan: "gold",
      tags: new Set(["a"]),
      status: "PROVISIONING",
      ecs_status: "PROVISIONING",
      status_at: time(1),
      status_since: { PROVISIONING: time(1) },
      last_event: { name: "DEPLOYMENT_IN_PROGRESS", id: "e1", at: time(1) },
      events: { DEPLOYMENT_IN_PROGRESS: { at: time(1), id: "e1", deploymentId: "ecs-svc/1" } },
      deployment_id: "ecs-svc/1",
      service_arn: "arn:service",
      updated_at: NOW.toISOString(),
      revision: 1,
    });
  });

  it("says who sent the newest event where that was not ECS, and no longer once ECS has sent one", async () => {
    const tenantId = await newTenant();
    await record(store(), tenantId, started);
    await record(store(), tenantId, { ...completed, source: "operator jo" });
    expect(await row(tenantId)).to.deep.include({
      last_event: { name: "DEPLOYMENT_COMPLETED", id: "e3", at: time(3), source: "operator jo" },
    });
    // Late, by the merge path: the memory knows who sent the newest.
    await record(store(), tenantId, { name: "SERVICE_STEADY_STATE", at: time(2), id: "e2" });
    expect(await row(tenantId)).to.have.nested.property("last_event.source", "operator jo");
    await record(store(), tenantId, { name: "SERVICE_STEADY_STATE", at: time(4), id: "e4" });
    expect(await row(tenantId)).to.deep.include({
      last_event: { name: "SERVICE_STEADY_STATE", id: "e4", at: time(4) },
    });
  });

  it("says that there was no status before when the row had none", async () => {
    const tenantId = await newTenant();
    expect(await record(store(), tenantId, started)).to.deep.include({
      kind: "recorded",
      status: "PROVISIONING",
      previousStatus: undefined,
    });
  });

  it("writes an event that arrives in order with exactly one request", async () => {
    const tenantId = await newTenant();
    await record(store(), tenantId, started);
    send.resetHistory();
    const recorded = await record(store(), tenantId, completed);
    expect(recorded).to.deep.include({ status: "ACTIVE", previousStatus: "PROVISIONING", changed: true });
    expect(send.callCount).to.equal(1);
    expect(await row(tenantId)).to.deep.include({
      status: "ACTIVE",
      deployment_id: "ecs-svc/1",
      revision: 2,
    });
  });

  it("writes an event of the same second but higher precedence with one request too", async () => {
    const tenantId = await newTenant();
    await record(store(), tenantId, completed);
    send.resetHistory();
    await record(store(), tenantId, { name: "SERVICE_STEADY_STATE", at: completed.at, id: "e4" });
    expect(send.callCount).to.equal(1);
  });

  it("gives a status back to a row that lost it", async () => {
    const tenantId = await newTenant();
    await record(store(), tenantId, started);
    const { status, ...rest } = (await row(tenantId)) ?? {};
    expect(status).to.equal("PROVISIONING");
    await table.put(rest);
    expect(await record(store(), tenantId, completed)).to.deep.include({
      kind: "recorded",
      status: "ACTIVE",
      previousStatus: undefined,
    });
  });

  it("leaves the status alone when an older event arrives late, but remembers it", async () => {
    const tenantId = await newTenant();
    await record(store(), tenantId, completed, "arn:new");
    const recorded = await record(store(), tenantId, started, "arn:old");
    expect(recorded).to.deep.include({ status: "ACTIVE", previousStatus: "ACTIVE", changed: false });
    expect(await row(tenantId)).to.deep.include({
      status: "ACTIVE",
      last_event: { name: "DEPLOYMENT_COMPLETED", id: "e3", at: time(3) },
      deployment_id: "ecs-svc/1",
      service_arn: "arn:new",
      revision: 2,
    });
  });

  it("names the service of a late event on a row that names none", async () => {
    const tenantId = await newTenant();
    await record(store(), tenantId, completed);
    await record(store(), tenantId, started, "arn:old");
    expect(await row(tenantId)).to.deep.include({ service_arn: "arn:old" });
  });

  it("leaves as it was what another version keeps in an event that does not change", async () => {
    const tenantId = await newTenant();
    for (const event of [started, completed]) await record(store(), tenantId, event);
    const before = (await row(tenantId)) ?? {};
    const { DEPLOYMENT_COMPLETED } = before["events"] as Record<string, object>;
    const kept = { ...DEPLOYMENT_COMPLETED, something: [1, 2] };
    await table.put({ ...before, events: { ...(before["events"] as object), DEPLOYMENT_COMPLETED: kept } });
    const late = { name: "SERVICE_DESIRED_COUNT_UPDATED", at: time(2), id: "e2" };
    expect(await record(store(), tenantId, late)).to.include({ kind: "recorded" });
    expect((await row(tenantId))?.["events"]).to.deep.include({
      DEPLOYMENT_COMPLETED: kept,
      SERVICE_DESIRED_COUNT_UPDATED: { at: time(2), id: "e2" },
    });
  });

  it("knows a duplicate, and writes nothing for it", async () => {
    const tenantId = await newTenant();
    await record(store(), tenantId, started);
    const before = await row(tenantId);
    expect(await record(laterStore(), tenantId, started)).to.deep.equal({
      kind: "duplicate",
      serviceArn: undefined,
    });
    expect(await row(tenantId)).to.deep.equal(before);
  });

  it("takes an event older than the newest of its kind for a duplicate: it may be one, and adds nothing", async () => {
    const tenantId = await newTenant();
    await record(store(), tenantId, { name: "SERVICE_STEADY_STATE", at: time(5), id: "e5" }, "arn:row");
    const before = await row(tenantId);
    const older = { name: "SERVICE_STEADY_STATE", at: time(4), id: "e4" };
    expect(await record(store(), tenantId, older, "arn:event"), "and says whose the row is").to.deep.equal({
      kind: "duplicate",
      serviceArn: "arn:row",
    });
    expect(await record(store(), tenantId, older)).to.deep.equal({
      kind: "duplicate",
      serviceArn: undefined,
    });
    expect(await row(tenantId)).to.deep.equal(before);
  });

  for (const path of ["fast", "merge"] as const) {
    it(`says that it changed the row when the answer to its ${path} path's write was lost and the write sent again`, async () => {
      const tenantId = await newTenant();
      if (path === "fast") await record(laterStore(), tenantId, started);
      // As the SDK does after a broken connection: the same request again, which now meets its own write.
      const losing = storeOver({
        send: async (command: GetItemCommand | UpdateItemCommand) => {
          const answer = await table.client.send(command);
          return command instanceof UpdateItemCommand ? await table.client.send(command) : answer;
        },
      });
      expect(await record(losing, tenantId, completed)).to.deep.include({
        kind: "recorded",
        event: "DEPLOYMENT_COMPLETED",
        status: "ACTIVE",
        changed: true,
      });
      expect(await record(laterStore(), tenantId, completed)).to.include({ kind: "duplicate" });
    });
  }

  it("says that it changed nothing when its fast path's write, whose answer was lost, left the status as it was", async () => {
    const tenantId = await newTenant();
    for (const event of [started, completed]) await record(laterStore(), tenantId, event);
    const losing = storeOver({
      send: async (command: GetItemCommand | UpdateItemCommand) => {
        const answer = await table.client.send(command);
        return command instanceof UpdateItemCommand ? await table.client.send(command) : answer;
      },
    });
    const steady = { name: "SERVICE_STEADY_STATE", at: time(5), id: "e5" };
    expect(await record(losing, tenantId, steady)).to.deep.include({ kind: "recorded", changed: false });
  });

  it("does not take for its own what another handler wrote in that moment", async () => {
    const tenantId = await newTenant();
    const steady = { name: "SERVICE_STEADY_STATE", at: time(5), id: "e5" };
    for (const event of [started, completed, steady]) await record(store(), tenantId, event);
    expect(await record(store(), tenantId, completed), "the row has it, but not as the last").to.include({
      kind: "duplicate",
    });
  });

  it("takes its event for a duplicate on a row that has it, and that has lost its status", async () => {
    const tenantId = await newTenant();
    await record(store(), tenantId, started);
    const { status, ...rest } = (await row(tenantId)) ?? {};
    expect(status).to.equal("PROVISIONING");
    await table.put(rest);
    expect(await record(store(), tenantId, started)).to.include({ kind: "duplicate" });
  });

  describe("of a late event, the answer to whose write was lost,", () => {
    const deleted = { name: "SERVICE_DELETED", at: time(2), id: "e2" };
    const older = { name: "SERVICE_DESIRED_COUNT_UPDATED", at: time(2), id: "e2" };
    /** Sends each write of the merge path again, as the SDK does after a broken connection. */
    const losing = (between: (tenantId: string) => Promise<unknown> = () => Promise.resolve()): TenantStore =>
      storeOver({
        send: async (command: GetItemCommand | UpdateItemCommand) => {
          const answer = await table.client.send(command);
          if (!(command instanceof UpdateItemCommand)) return answer;
          await between(String(command.input.Key?.["tenant_id"]?.S));
          return await table.client.send(command);
        },
      });
    const newRow = async (): Promise<string> => {
      const tenantId = await newTenant();
      for (const event of [started, completed]) await record(laterStore(), tenantId, event, "arn:row");
      return tenantId;
    };

    it("says what it changed, and on whose row", async () => {
      const tenantId = await newRow();
      expect(await record(losing(), tenantId, deleted, "arn:event")).to.deep.equal({
        kind: "recorded",
        event: "SERVICE_DELETED",
        status: "DEPROVISIONED",
        previousStatus: "ACTIVE",
        changed: true,
        serviceArn: "arn:row",
      });
      expect((await row(tenantId))?.["last_event"]).to.include({ id: completed.id });
    });

    it("says that it changed nothing when its status did not count", async () => {
      expect(await record(losing(), await newRow(), older, "arn:row")).to.deep.include({
        kind: "recorded",
        status: "ACTIVE",
        previousStatus: "ACTIVE",
        changed: false,
      });
    });

    it("says that it changed nothing when it is of the second since which the status is what it is", async () => {
      const tenantId = await newRow();
      const impaired = { name: "SERVICE_TASK_START_IMPAIRED", at: completed.at, id: "e2" };
      expect(await record(losing(), tenantId, impaired)).to.deep.include({
        kind: "recorded",
        status: "ACTIVE",
        changed: false,
      });
    });

    it("takes it for a duplicate when another handler has written the row since", async () => {
      const steady = { name: "SERVICE_STEADY_STATE", at: time(8), id: "e8" };
      const other = (tenantId: string): Promise<unknown> => record(laterStore(), tenantId, steady);
      expect(await record(losing(other), await newRow(), older)).to.include({ kind: "duplicate" });
    });

    it("takes it for a duplicate when all that was written in that moment was a newer one of its kind", async () => {
      const newer = { ...older, at: time(4), id: "e4" };
      let writes = 0;
      const outrun = storeOver({
        send: async (command: GetItemCommand | UpdateItemCommand) => {
          if (command instanceof UpdateItemCommand && ++writes === 2) await record(store(), tenantId, newer);
          return await table.client.send(command);
        },
      });
      const tenantId = await newRow();
      expect(await record(outrun, tenantId, older)).to.include({ kind: "duplicate" });
    });
  });

  it("takes a row that a transaction is changing for a race that it lost", async () => {
    const tenantId = await newTenant();
    await record(store(), tenantId, started);
    const conflicting = sinon
      .stub<[GetItemCommand | UpdateItemCommand], Promise<unknown>>()
      .callsFake((command) => table.client.send(command));
    conflicting
      .onFirstCall()
      .rejects(Object.assign(new Error("conflict"), { name: "TransactionConflictException" }));
    const answer = await record(storeOver({ send: conflicting }), tenantId, completed);
    expect(answer).to.deep.include({ kind: "recorded", status: "ACTIVE" });
    expect(conflicting.callCount).to.equal(3);
  });

  for (const attribute of ["status", "service_arn", "events", "ecs_status", "revision", "status_since"]) {
    it(`takes a ${attribute} that is NULL for absent, on a new row and on one that was written before`, async () => {
      const steady = { name: "SERVICE_STEADY_STATE", at: time(5), id: "e5" };
      const fresh = await newTenant({ status: "PENDING", [attribute]: null });
      expect(await record(store(), fresh, steady, "arn:s")).to.deep.include({
        kind: "recorded",
        status: "ACTIVE",
      });
      const known = await newTenant();
      await record(store(), known, started, "arn:s");
      await table.put({ ...(await row(known)), [attribute]: null });
      expect(await record(store(), known, steady, "arn:s")).to.deep.include({
        kind: "recorded",
        status: "ACTIVE",
      });
      for (const tenantId of [fresh, known])
        expect(await row(tenantId)).to.deep.include({
          status: "ACTIVE",
          ecs_status: "ACTIVE",
          service_arn: "arn:s",
        });
    });
  }

  it("keeps what another version remembers under names of its own, and does not fold it", async () => {
    const later = { at: time(9), id: "z", something: [1, 2] };
    const tenantId = await newTenant({ events: { FUTURE_EVENT: later, MALFORMED: "no event" } });
    await record(store(), tenantId, started);
    await record(store(), tenantId, completed);
    const restarted = { name: "DEPLOYMENT_IN_PROGRESS", at: time(8), id: "e8", deploymentId: "ecs-svc/2" };
    await record(store(), tenantId, restarted);
    const { events, status } = (await row(tenantId)) ?? {};
    expect({ events, status }).to.deep.equal({
      status: "PROVISIONING",
      events: {
        FUTURE_EVENT: later,
        MALFORMED: "no event",
        DEPLOYMENT_IN_PROGRESS: { at: time(8), id: "e8", deploymentId: "ecs-svc/2" },
      },
    });
  });

  it("reads a row of the version before and carries on", async () => {
    const tenantId = await newTenant({
      status: "ROLLING_BACK",
      ecs_status: "ROLLING_BACK",
      status_at: time(3),
      last_event: { name: "DEPLOYMENT_FAILED", id: "o4", at: time(4) },
      events: {
        DEPLOYMENT_IN_PROGRESS: { at: time(1), id: "o1", deploymentId: "ecs-svc/7" },
        DEPLOYMENT_ROLLBACK_STARTED: { at: time(3), id: "o3", deploymentId: "ecs-svc/8" },
        DEPLOYMENT_FAILED: { at: time(4), id: "o4", deploymentId: "ecs-svc/7" },
        SERVICE_STEADY_STATE: { at: time(0), id: "o0" },
      },
      deployment_id: "ecs-svc/8",
      service_arn: "arn:s",
      updated_at: "2026-03-01T10:00:04.000Z",
      revision: 4,
    });
    const failed = { name: "DEPLOYMENT_FAILED", at: time(6), id: "e6", deploymentId: "ecs-svc/8" };
    expect(await record(store(), tenantId, failed)).to.deep.include({ status: "FAILED", changed: true });
    expect((await row(tenantId))?.["events"])
      .to.have.property("DEPLOYMENT_FAILED")
      .that.deep.equals({
        at: time(6),
        id: "e6",
        deploymentId: "ecs-svc/8",
        others: [{ at: time(4), id: "o4", deploymentId: "ecs-svc/7" }],
      });
    const restarted = { name: "DEPLOYMENT_IN_PROGRESS", at: time(9), id: "e9", deploymentId: "ecs-svc/9" };
    expect(await record(store(), tenantId, restarted)).to.deep.include({ status: "PROVISIONING" });
    expect((await row(tenantId))?.["events"]).to.deep.equal({
      DEPLOYMENT_IN_PROGRESS: { at: time(9), id: "e9", deploymentId: "ecs-svc/9" },
    });
  });

  for (const left of [
    { status: "ACTIVE", updated_at: "2025-01-25T12:00:00.000000+00:00" },
    { status: "ACTIVE" },
    { updated_at: "2025-01-25T12:00:00Z" },
  ])
    it(`carries on a row on which another handler has left ${Object.keys(left).join(", ")} alone`, async () => {
      const tenantId = await newTenant(left);
      expect(await record(store(), tenantId, started)).to.deep.include({
        kind: "recorded",
        status: "PROVISIONING",
        previousStatus: left.status,
      });
      expect(await row(tenantId)).to.deep.include({
        status: "PROVISIONING",
        updated_at: NOW.toISOString(),
        revision: 1,
      });
      // It writes once more, as long as both receive the events: what it does not know of stays.
      await table.client.send(
        new UpdateItemCommand({
          TableName: table.name,
          Key: { tenant_id: { S: tenantId } },
          UpdateExpression: "SET #status = :status, updated_at = :now",
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: {
            ":status": { S: "PROVISIONING" },
            ":now": { S: "2026-03-01T10:00:06Z" },
          },
        }),
      );
      expect(await record(laterStore(), tenantId, completed)).to.deep.include({ status: "ACTIVE" });
      expect(Object.keys((await row(tenantId))?.["events"] ?? {})).to.include("DEPLOYMENT_COMPLETED");
    });

  it("says since when the status is what it is, whatever repeats it", async () => {
    const tenantId = await newTenant();
    for (const [name, second] of [
      ["DEPLOYMENT_IN_PROGRESS", 1],
      ["SERVICE_TASK_START_IMPAIRED", 3],
      ["SERVICE_TASK_START_IMPAIRED", 5],
      ["DEPLOYMENT_FAILED", 7],
    ] as const)
      await record(store(), tenantId, { name, at: time(second), id: `e${second}` });
    expect(await row(tenantId)).to.deep.include({ status: "FAILED", status_since: { FAILED: time(3) } });
  });

  it("leaves what another service set alone when a late event changes nothing for ECS", async () => {
    const tenantId = await newTenant();
    await record(store(), tenantId, started);
    await record(store(), tenantId, completed);
    await table.put({ ...(await row(tenantId)), status: "MAINTENANCE" });
    const late = { name: "SERVICE_TASK_START_IMPAIRED", at: time(2), id: "e2" };
    expect(await record(store(), tenantId, late)).to.deep.include({ status: "MAINTENANCE", changed: false });
  });

  it("does not let a late deletion override a suspension of the tenant that was deployed again", async () => {
    const tenantId = await newTenant();
    await record(store(), tenantId, { ...started, deploymentId: undefined });
    await table.put({ ...(await row(tenantId)), status: "SUSPENDED" });
    const deleted = { name: "SERVICE_DELETED", at: time(0), id: "e0" };
    expect(await record(store(), tenantId, deleted)).to.deep.include({ status: "SUSPENDED" });
  });

  it("keeps the row of a usual life under a kilobyte, one write unit", async () => {
    const tenantId = await newTenant({ status: "PENDING" });
    const uuid = (n: number): string => `1f2e3d4c-5b6a-4798-8897-a6b5c4d3e2f${n}`;
    const life: NamedOccurrence[] = [1, 2].flatMap((round) => [
      {
        name: "DEPLOYMENT_IN_PROGRESS",
        at: `2026-03-01T1${round}:00:00Z`,
        id: uuid(1),
        deploymentId: `ecs-svc/123456789012345678${round}`,
      },
      {
        name: "DEPLOYMENT_COMPLETED",
        at: `2026-03-01T1${round}:02:00Z`,
        id: uuid(2),
        deploymentId: `ecs-svc/123456789012345678${round}`,
      },
      { name: "SERVICE_STEADY_STATE", at: `2026-03-01T1${round}:02:00Z`, id: uuid(3) },
    ]);
    for (const event of life)
      await record(
        store(),
        tenantId,
        event,
        "arn:aws:ecs:af-south-1:536580886816:service/bbws-cluster-dev/tenant-acme-wordpress",
      );
    const bytes = itemBytes((await row(tenantId)) ?? {});
    console.log(`      the row of a usual life: ${bytes} bytes`);
    expect(bytes).to.be.below(1024);
  });

  describe("asks DynamoDB", () => {
    /** Where DynamoDB does not show the loser of a race the row that won (dynalite does not), that is one read more. */
    let read = 1;
    before(async () => {
      const tenantId = await newTenant({ status: "PENDING" });
      const losing = new UpdateItemCommand({
        TableName: table.name,
        Key: { tenant_id: { S: tenantId } },
        UpdateExpression: "SET #plan = :plan",
        ExpressionAttributeNames: { "#plan": "plan" },
        ConditionExpression: "attribute_not_exists(tenant_id)",
        ExpressionAttributeValues: { ":plan": { S: "gold" } },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      const error: unknown = await table.client.send(losing).catch((reason: unknown) => reason);
      if (error instanceof ConditionalCheckFailedException && error.Item !== undefined) read = 0;
    });

    const requests = async (work: () => Promise<unknown>): Promise<number> => {
      send.resetHistory();
      await work();
      return send.callCount;
    };

    it("once about an event in order, twice about a first or a late one, once about a duplicate", async () => {
      const tenantId = await newTenant({ status: "PENDING" });
      const late = { name: "SERVICE_DESIRED_COUNT_UPDATED", at: time(2), id: "e2" };
      expect(await requests(() => record(store(), tenantId, started)), "first").to.equal(2 + read);
      expect(await requests(() => record(store(), tenantId, completed)), "in order").to.equal(1);
      expect(await requests(() => record(store(), tenantId, late)), "late").to.equal(2 + read);
      expect(await requests(() => record(laterStore(), tenantId, late)), "duplicate").to.equal(1 + read);
      expect(await requests(() => record(store(), "nobody", started)), "unknown tenant").to.equal(2);
    });

    for (const name of transitionTable.names) {
      it(`once about ${name} in order, unless it completes a rollback`, async () => {
        const tenantId = await newTenant();
        await record(store(), tenantId, started);
        const event = { name, at: time(5), id: "e5", deploymentId: "ecs-svc/1" };
        expect(await requests(() => record(store(), tenantId, event))).to.equal(1);
        await record(store(), tenantId, {
          ...event,
          name: "DEPLOYMENT_ROLLBACK_STARTED",
          at: time(7),
          id: "e7",
        });
        const wasRollback =
          name === "SERVICE_DELETED"
            ? 0
            : await requests(() => record(store(), tenantId, { ...event, at: time(9), id: "e9" }));
        if (name === "DEPLOYMENT_COMPLETED") expect(wasRollback).to.equal(2 + read);
      });
    }
  });

  it("passes the caller's signal to the requests of its merge path, and reads what was written last", async () => {
    const tenantId = await newTenant();
    const rule = transitionTable.rule(started.name);
    if (rule === undefined) throw new Error(started.name);
    const { signal } = new AbortController();
    await store().record(tenantId, { rule, occurrence: started, serviceArn: undefined }, signal);
    const [fast, ...others] = send.args;
    expect(fast?.[1], "whose middleware the client keeps only without options").to.equal(undefined);
    expect(fast?.[0].input, "what it is refused by").to.include({
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    expect(others.length).to.be.greaterThan(0);
    for (const [command, options] of others) {
      expect(options?.abortSignal).to.equal(signal);
      if (command instanceof GetItemCommand) expect(command.input.ConsistentRead).to.equal(true);
    }
  });

  it("records no event that the transition table does not have, and says so", async () => {
    const rule = { name: "RETIRED_EVENT", status: "ACTIVE", from: [], neverFrom: [] };
    const event = { rule, occurrence: { ...started, name: rule.name }, serviceArn: undefined };
    const attempt = store().record(await newTenant(), event, AbortSignal.timeout(20_000));
    const error: unknown = await attempt.catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(TenantStoreError);
    expect(String(error)).to.include("RETIRED_EVENT is not in the transition table");
  });

  it("never creates a row", async () => {
    expect(await record(store(), "nobody", started)).to.deep.equal({ kind: "unknown_tenant" });
    expect(await row("nobody")).to.equal(undefined);
  });

  for (const status of ["SUSPENDING", "SUSPENDED", "DEPROVISIONING"]) {
    it(`leaves ${status}, which another service set, alone until the service is deleted`, async () => {
      const tenantId = await newTenant();
      await record(store(), tenantId, started);
      await table.put({ ...(await row(tenantId)), status });
      expect(await record(store(), tenantId, completed)).to.deep.include({ status, previousStatus: status });
      expect(await row(tenantId)).to.deep.include({ status, ecs_status: "ACTIVE", status_since: {} });
      const deleted = { name: "SERVICE_DELETED", at: time(8), id: "e8" };
      expect(await record(store(), tenantId, deleted)).to.deep.include({ status: "DEPROVISIONED" });
    });
  }

  it("lets a steady state leave DEPROVISIONED alone when another service set it", async () => {
    const tenantId = await newTenant({ status: "DEPROVISIONED" });
    await record(store(), tenantId, { name: "SERVICE_STEADY_STATE", at: time(5), id: "e5" });
    expect(await row(tenantId)).to.deep.include({ status: "DEPROVISIONED", ecs_status: "ACTIVE" });
  });

  /** A store that another writer outruns once: between seeing the row and writing it. */
  const outrun = (change: () => Promise<void>): TenantStore => {
    let writes = 0;
    const send = async (command: GetItemCommand | UpdateItemCommand): Promise<unknown> => {
      if (command instanceof UpdateItemCommand && ++writes === 2) await change();
      return table.client.send(command);
    };
    return storeOver({ send });
  };

  it("does not undo a suspension that happens between seeing the row and writing it", async () => {
    const tenantId = await newTenant({ status: "PENDING" });
    const suspend = async (): Promise<void> => table.put({ ...(await row(tenantId)), status: "SUSPENDED" });
    await record(outrun(suspend), tenantId, started);
    expect(await row(tenantId)).to.deep.include({ status: "SUSPENDED", ecs_status: "PROVISIONING" });
    expect(wait.callCount, "waits only when it keeps losing").to.equal(0);
  });

  it("does not bring back a row that is deleted between seeing it and writing it", async () => {
    const tenantId = await newTenant();
    const recorded = await record(
      outrun(() => table.remove({ tenant_id: tenantId })),
      tenantId,
      started,
    );
    expect(recorded).to.deep.equal({ kind: "unknown_tenant" });
    expect(await row(tenantId)).to.equal(undefined);
  });

  it("gives up after a bounded number of lost races, and says so", async () => {
    const tenantId = await newTenant();
    const losing = sinon.spy((command: GetItemCommand | UpdateItemCommand) => {
      if (command instanceof GetItemCommand) return table.client.send(command);
      throw new ConditionalCheckFailedException({ message: "The conditional request failed", $metadata: {} });
    });
    const random = sinon.stub(Math, "random").returns(0.5);
    const attempt = record(storeOver({ send: losing }), tenantId, started);
    const error: unknown = await attempt.catch((reason: unknown) => reason);
    random.restore();
    expect(error).to.be.instanceOf(TenantStoreError);
    expect(String(error)).to.contain(tenantId).and.to.contain("gave up after 20 conflicting writes");
    // After the third attempt at most 80 ms, twice that after each further one, never more than 400; half of it by this chance.
    expect(wait.args.map(([milliseconds]) => milliseconds)).to.deep.equal([
      ...[40, 80, 160],
      ...Array.from({ length: 15 }, () => 200),
    ]);
  });

  it("says which tenant it was working on when DynamoDB fails", async () => {
    const failing = storeOver({ send: () => Promise.reject(new Error("no route to host")) } as never);
    const error: unknown = await record(failing, "acme", started).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(TenantStoreError);
    expect(String(error)).to.equal(
      "TenantStoreError: Failed to update tenant state of acme: Error: no route to host",
    );
  });

  const malformed: [attribute: string, value: unknown, violation: string][] = [
    ["events", "oops", "/events must be object"],
    ["events", { SERVICE_STEADY_STATE: { id: "e" } }, "must have required property 'at'"],
    [
      "events",
      { SERVICE_STEADY_STATE: { id: "e", at: "noon" } },
      "/events/SERVICE_STEADY_STATE/at must be a date-time",
    ],
    ["revision", "one", "/revision must be number"],
    ["ecs_status", 7, "/ecs_status must be string"],
    ["status", ["ACTIVE"], "/status must be string"],
  ];
  for (const [attribute, value, violation] of malformed) {
    it(`names the malformed ${attribute} ${JSON.stringify(value)} and leaves the row untouched`, async () => {
      const tenantId = await newTenant({ [attribute]: value });
      const before = await row(tenantId);
      const error: unknown = await record(store(), tenantId, started).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(MalformedRowError);
      expect(String(error)).to.contain(tenantId).and.to.contain(violation);
      expect(await row(tenantId)).to.deep.equal(before);
    });
  }

  for (const [attribute, value] of malformed.filter(
    ([, , violation]) => !violation.includes("'at'") && !violation.includes("/at "),
  )) {
    it(`does not overlook the malformed ${attribute} ${JSON.stringify(value)} on a row that it wrote before`, async () => {
      const tenantId = await newTenant();
      await record(store(), tenantId, started);
      await table.put({ ...(await row(tenantId)), [attribute]: value });
      const before = await row(tenantId);
      const error: unknown = await record(store(), tenantId, completed).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(MalformedRowError);
      expect(await row(tenantId)).to.deep.equal(before);
    });
  }

  it("works on a single-table layout and another status attribute", async () => {
    const layout = await createTestTable(["PK", "SK"]);
    try {
      await layout.put({ PK: "TENANT#a$&b", SK: "INSTANCE", instanceStatus: "PENDING", status: "not ours" });
      const single = createTenantStore({
        dynamoDb: layout.client,
        configuration: {
          tenantsTable: layout.name,
          tenantKey: { PK: "TENANT#{tenantId}", SK: "INSTANCE" },
          statusAttribute: "instanceStatus",
        },
        table: transitionTable,
        now: () => NOW,
        wait,
      });
      await record(single, "a$&b", started);
      await record(single, "a$&b", completed);
      expect(await layout.get({ PK: "TENANT#a$&b", SK: "INSTANCE" })).to.deep.include({
        instanceStatus: "ACTIVE",
        ecs_status: "ACTIVE",
        status: "not ours",
        revision: 2,
      });
    } finally {
      await layout.close();
    }
  });

  describe("whatever the history", () => {
    let served: Rows;
    before(async () => {
      served = table;
      table = await createFastTestTable();
    });
    after(async () => {
      await table.close();
      table = served;
    });

    it("writes by its fast path exactly what its merge path would have written", async () => {
      // Rejects the fast path, told by its ADD, so that every event takes the merge path.
      const reading = storeOver({
        send: (command: GetItemCommand | UpdateItemCommand) => {
          if (
            command instanceof UpdateItemCommand &&
            command.input.UpdateExpression?.includes(" ADD ") === true
          ) {
            throw new ConditionalCheckFailedException({ message: "", $metadata: {} });
          }
          return table.client.send(command);
        },
      });

      type Step = NamedOccurrence | { foreignStatus: string };
      const steps: fc.Arbitrary<Step[]> = histories(10).chain((history) =>
        fc
          .array(fc.constantFrom("SUSPENDED", "DEPROVISIONED", "ACTIVE", "PENDING"), { maxLength: 3 })
          .chain((statuses) => {
            const foreign = statuses.map((foreignStatus) => ({ foreignStatus }));
            const all: Step[] = [...history, ...foreign];
            return fc.oneof(
              fc.shuffledSubarray(all, { minLength: all.length }),
              // In order, the fast path is usual rather than the exception.
              fc.constant<Step[]>([...foreign, ...history.toSorted((a, b) => (a.at < b.at ? -1 : 1))]),
            );
          }),
      );

      let fastPathWrites = 0;
      const byFastPath = new Set<string>();
      await fc.assert(
        fc.asyncProperty(steps, async (history) => {
          const [one, other] = [
            await newTenant({ status: "PENDING" }),
            await newTenant({ status: "PENDING" }),
          ];
          for (const step of history) {
            if ("foreignStatus" in step) {
              for (const id of [one, other])
                await table.put({ ...(await row(id)), status: step.foreignStatus });
              continue;
            }
            const serviceArn = step.id.startsWith("a") ? undefined : `arn:${step.id}`;
            send.resetHistory();
            const recorded = await record(store(), one, step, serviceArn);
            if (send.callCount === 1) fastPathWrites++;
            expect(recorded).to.deep.equal(await record(reading, other, step, serviceArn));
            const written = { ...(await row(one)), tenant_id: "" };
            expect(written).to.deep.equal({ ...(await row(other)), tenant_id: "" });
            if (send.callCount === 1) for (const attribute of Object.keys(written)) byFastPath.add(attribute);
          }
        }),
        { numRuns: 60 },
      );
      expect(fastPathWrites, "the fast path was compared at all").to.be.greaterThan(0);
      expect([...byFastPath], "each attribute of handler/row-attributes.ts is written").to.include.members(
        Object.values(ATTRIBUTES),
      );
    });

    it("ends in the same row in whatever order, however often, and at however many handlers, events arrive", async () => {
      const cases = histories(8).chain((history) =>
        fc.tuple(fc.constant(history), deliveries(history), fc.integer({ min: 1, max: 4 })),
      );
      const ofEvents = async (tenantId: string): Promise<unknown> => {
        // Since when the status is what it is depends on which event was first to say so.
        const { tenant_id, updated_at, revision, status_since, ...rest } = (await row(tenantId)) ?? {};
        expect([tenant_id, updated_at, revision, status_since]).to.have.length(4);
        return rest;
      };
      await fc.assert(
        fc.asyncProperty(cases, async ([history, delivery, handlers]) => {
          const [one, other] = [await newTenant(), await newTenant()];
          for (const occurrence of history) await record(store(), one, occurrence, "arn:service");
          const waiting = delivery.values();
          await Promise.all(
            Array.from({ length: handlers }, async () => {
              const handler = store();
              for (const occurrence of waiting) await record(handler, other, occurrence, "arn:service");
            }),
          );
          expect(await ofEvents(one)).to.deep.equal(await ofEvents(other));
        }),
        { numRuns: 40 },
      );
    });
  });

  it("loses none of 50 events that arrive at once", async () => {
    const { names } = transitionTable;
    const events = Array.from({ length: 50 }, (_, index) => ({
      name: names[index % names.length] ?? "",
      at: `2026-03-01T10:${String(index).padStart(2, "0")}:00Z`,
      id: `e${index}`,
    }));
    const [tenantId, inOrder] = [await newTenant(), await newTenant()];
    await Promise.all(events.map((event) => record(store(), tenantId, event)));
    for (const event of events) await record(store(), inOrder, event);
    const { events: memory, status } = (await row(tenantId)) ?? {};
    expect({ memory, status }).to.deep.equal({
      memory: (await row(inOrder))?.["events"],
      status: (await row(inOrder))?.["status"],
    });
  });
});
