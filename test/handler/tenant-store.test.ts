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
import { createTenantStore, type Recorded, type TenantStore } from "../../handler/tenant-store.ts";
import { transitionTable } from "../../handler/transition-table.ts";
import { createTestTable, type TestTable } from "./dynamodb.ts";
import { deliveries, histories } from "./histories.ts";

const NOW = new Date("2026-03-01T10:00:05.123Z");
const time = (second: number): string => `2026-03-01T10:00:0${second}Z`;

describe("tenant store", () => {
  let table: TestTable;
  const send = sinon.spy(
    (command: GetItemCommand | UpdateItemCommand, options?: { abortSignal?: AbortSignal }) =>
      table.client.send(command, options),
  );
  const wait = sinon.spy(() => Promise.resolve());

  const storeOver = (
    dynamoDb: Pick<DynamoDBClient, "send">,
    tenantKey: Record<string, string> = { tenant_id: "{tenantId}" },
    statusAttribute = "status",
  ): TenantStore =>
    createTenantStore({
      dynamoDb: dynamoDb as DynamoDBClient,
      configuration: { tenantsTable: table.name, tenantKey, statusAttribute },
      table: transitionTable,
      now: () => NOW,
      wait,
    });

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
        ...(serviceArn === undefined ? {} : { serviceArn }),
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
    expect(recorded).to.deep.equal({ kind: "recorded", status: "PROVISIONING", previousStatus: "PENDING" });
    expect(await row(tenantId)).to.deep.equal({
      tenant_id: tenantId,
      plan: "gold",
      tags: new Set(["a"]),
      status: "PROVISIONING",
      ecs_status: "PROVISIONING",
      status_at: time(1),
      last_event: { name: "DEPLOYMENT_IN_PROGRESS", id: "e1", at: time(1) },
      events: { DEPLOYMENT_IN_PROGRESS: { at: time(1), id: "e1", deploymentId: "ecs-svc/1" } },
      deployment_id: "ecs-svc/1",
      service_arn: "arn:service",
      updated_at: NOW.toISOString(),
      revision: 1,
    });
  });

  it("says that there was no status before when the row had none", async () => {
    const tenantId = await newTenant();
    expect(await record(store(), tenantId, started)).to.deep.equal({
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
    expect(recorded).to.deep.equal({ kind: "recorded", status: "ACTIVE", previousStatus: "PROVISIONING" });
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
    expect(await record(store(), tenantId, completed)).to.deep.equal({
      kind: "recorded",
      status: "ACTIVE",
      previousStatus: undefined,
    });
  });

  it("leaves the status alone when an older event arrives late, but remembers it", async () => {
    const tenantId = await newTenant();
    await record(store(), tenantId, completed, "arn:new");
    const recorded = await record(store(), tenantId, started, "arn:old");
    expect(recorded).to.deep.equal({ kind: "recorded", status: "ACTIVE", previousStatus: "ACTIVE" });
    expect(await row(tenantId)).to.deep.include({
      status: "ACTIVE",
      last_event: { name: "DEPLOYMENT_COMPLETED", id: "e3", at: time(3) },
      deployment_id: "ecs-svc/1",
      service_arn: "arn:new",
      revision: 2,
    });
  });

  it("knows a duplicate, and writes nothing for it", async () => {
    const tenantId = await newTenant();
    await record(store(), tenantId, started);
    const before = await row(tenantId);
    expect(await record(store(), tenantId, started)).to.deep.equal({ kind: "duplicate" });
    expect(await row(tenantId)).to.deep.equal(before);
  });

  it("writes nothing for an event when a newer one of its name is known", async () => {
    const tenantId = await newTenant();
    await record(store(), tenantId, { name: "SERVICE_STEADY_STATE", at: time(5), id: "e5" });
    const before = await row(tenantId);
    expect(
      await record(store(), tenantId, { name: "SERVICE_STEADY_STATE", at: time(4), id: "e4" }),
    ).to.deep.equal({
      kind: "recorded",
      status: "ACTIVE",
      previousStatus: "ACTIVE",
    });
    expect(await row(tenantId)).to.deep.equal(before);
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
      expect(await row(tenantId)).to.deep.include({ status, ecs_status: "ACTIVE" });
      const deleted = { name: "SERVICE_DELETED", at: time(8), id: "e8" };
      expect(await record(store(), tenantId, deleted)).to.deep.include({ status: "DEPROVISIONED" });
    });
  }

  it("lets a steady state leave DEPROVISIONED alone when another service set it", async () => {
    const tenantId = await newTenant({ status: "DEPROVISIONED" });
    await record(store(), tenantId, { name: "SERVICE_STEADY_STATE", at: time(5), id: "e5" });
    expect(await row(tenantId)).to.deep.include({ status: "DEPROVISIONED", ecs_status: "ACTIVE" });
  });

  it("does not undo a suspension that happens between its read and its write", async () => {
    const tenantId = await newTenant({ status: "PENDING" });
    const suspending = sinon.spy(async (command: GetItemCommand | UpdateItemCommand) => {
      const answer = await table.client.send(command);
      if (command instanceof GetItemCommand && suspending.callCount === 2) {
        await table.put({ ...(await row(tenantId)), status: "SUSPENDED" });
      }
      return answer;
    });
    await record(storeOver({ send: suspending }), tenantId, started);
    expect(await row(tenantId)).to.deep.include({ status: "SUSPENDED", ecs_status: "PROVISIONING" });
    expect(wait.callCount).to.equal(1);
  });

  it("does not bring back a row that is deleted between its read and its write", async () => {
    const tenantId = await newTenant();
    const deleting = sinon.spy(async (command: GetItemCommand | UpdateItemCommand) => {
      const answer = await table.client.send(command);
      if (command instanceof GetItemCommand && deleting.callCount === 2)
        await table.remove({ tenant_id: tenantId });
      return answer;
    });
    const recorded = await record(storeOver({ send: deleting }), tenantId, started);
    expect(recorded).to.deep.equal({ kind: "unknown_tenant" });
    expect(await row(tenantId)).to.equal(undefined);
  });

  it("gives up after a bounded number of lost races, and says so", async () => {
    const tenantId = await newTenant();
    const losing = sinon.spy((command: GetItemCommand | UpdateItemCommand) => {
      if (command instanceof GetItemCommand) return table.client.send(command);
      throw new ConditionalCheckFailedException({ message: "The conditional request failed", $metadata: {} });
    });
    const attempt = record(storeOver({ send: losing }), tenantId, started);
    const error: unknown = await attempt.catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(TenantStoreError);
    expect(String(error))
      .to.contain(tenantId)
      .and.to.contain("others kept changing the row during 20 attempts");
    expect(wait.callCount).to.equal(20);
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

  it("writes by its fast path exactly what it would have written after reading", async () => {
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
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const [one, other] = [await newTenant({ status: "PENDING" }), await newTenant({ status: "PENDING" })];
        for (const step of history) {
          if ("foreignStatus" in step) {
            for (const id of [one, other])
              await table.put({ ...(await row(id)), status: step.foreignStatus });
            continue;
          }
          const serviceArn = `arn:${step.id}`;
          send.resetHistory();
          const recorded = await record(store(), one, step, serviceArn);
          if (send.callCount === 1) fastPathWrites++;
          expect(recorded).to.deep.equal(await record(reading, other, step, serviceArn));
          expect({ ...(await row(one)), tenant_id: "" }).to.deep.equal({
            ...(await row(other)),
            tenant_id: "",
          });
        }
      }),
      { numRuns: 60 },
    );
    expect(fastPathWrites, "the fast path was compared at all").to.be.greaterThan(0);
  });

  it("ends in the same row in whatever order, however often, and at however many handlers, events arrive", async () => {
    const cases = histories(8).chain((history) =>
      fc.tuple(fc.constant(history), deliveries(history), fc.integer({ min: 1, max: 4 })),
    );
    const ofEvents = async (tenantId: string): Promise<unknown> => {
      const { tenant_id, updated_at, revision, ...rest } = (await row(tenantId)) ?? {};
      expect([tenant_id, updated_at, revision]).to.have.length(3);
      return rest;
    };
    await fc.assert(
      fc.asyncProperty(cases, async ([history, delivery, handlers]) => {
        const [one, other] = [await newTenant(), await newTenant()];
        for (const occurrence of history) await record(store(), one, occurrence, `arn:${occurrence.id}`);
        const waiting = delivery.values();
        await Promise.all(
          Array.from({ length: handlers }, async () => {
            const handler = store();
            for (const occurrence of waiting)
              await record(handler, other, occurrence, `arn:${occurrence.id}`);
          }),
        );
        expect(await ofEvents(one)).to.deep.equal(await ofEvents(other));
      }),
      { numRuns: 40 },
    );
  });

  it("loses none of 50 events that arrive at once", async () => {
    const names = transitionTable.eventNames.filter((name) => transitionTable.rule(name) !== undefined);
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
