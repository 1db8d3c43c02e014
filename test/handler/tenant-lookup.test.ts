import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import sinon from "sinon";
import { TagLookupError } from "../../handler/errors.ts";
import { createEventNotes, type EventNotes } from "../../handler/event-notes.ts";
import type { ServiceTags } from "../../handler/service-tags.ts";
import { createServicesDirectory } from "../../handler/services-directory.ts";
import { createTenantLookup, type TenantLookup } from "../../handler/tenant-lookup.ts";
import { createTestTable, type TestTable } from "./dynamodb.ts";
import { serviceArnOf } from "./events.ts";

const START = Date.parse("2026-03-01T10:00:00Z");
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The look-up as it is deployed: over a real table, with the clock and ECS in the test's hands. */
describe("tenant look-up", () => {
  const ARN = serviceArnOf("acme");
  const ACME = { tenantId: "acme", environment: "dev" };
  const OTHER = { tenantId: "other", environment: "dev" };

  let table: TestTable;
  let now = START;
  let notes: EventNotes;
  const askEcs = sinon.stub<Parameters<ServiceTags>, ReturnType<ServiceTags>>();

  before(async () => {
    table = await createTestTable(["service_arn"]);
  });
  after(() => table.close());

  beforeEach(async () => {
    now = START;
    notes = createEventNotes();
    askEcs.reset();
    askEcs.resolves(ACME);
    await table.remove({ service_arn: ARN });
  });
  afterEach(() => {
    sinon.restore();
  });

  interface ContainerOptions {
    readonly maxEntries?: number;
    readonly tableName?: string;
  }

  const clock = (): Date => new Date(now);
  /** A container that has just started. */
  const container = ({ maxEntries = 1000, tableName = table.name }: ContainerOptions = {}): TenantLookup =>
    createTenantLookup({
      askEcs,
      directory: createServicesDirectory({
        dynamoDb: table.client,
        tableName,
        environment: "dev",
        now: clock,
        notes,
      }),
      environment: "dev",
      now: clock,
      notes,
      maxEntries,
    });
  const withoutDirectory = (): TenantLookup =>
    createTenantLookup({ askEcs, directory: undefined, environment: "dev", now: clock, notes });
  const item = (): Promise<Record<string, unknown> | undefined> => table.get({ service_arn: ARN });
  const throttled = new TagLookupError(ARN, new Error("Rate exceeded"));

  const itemAged = (age: number, tenantId = "acme"): Record<string, unknown> => ({
    service_arn: ARN,
    tenant_id: tenantId,
    environment: "dev",
    learned_at: new Date(START - age).toISOString(),
    expires_at: 1,
  });

  describe("in the directory", () => {
    it("finds a service that another container has asked ECS about, without asking ECS", async () => {
      expect(await container()(ARN, false)).to.deep.equal(ACME);
      expect(await container()(ARN, false)).to.deep.equal(ACME);
      expect(askEcs.args).to.deep.equal([[ARN, "with_retries"]]);
    });

    it("writes what ECS said, when, and when DynamoDB may delete it", async () => {
      await container()(ARN, false);
      expect(await item()).to.deep.equal({
        service_arn: ARN,
        tenant_id: "acme",
        environment: "dev",
        learned_at: "2026-03-01T10:00:00.000Z",
        expires_at: (START + 30 * DAY) / 1000,
      });
    });

    it("believes an item for 24 hours", async () => {
      await table.put(itemAged(DAY - 1));
      await container()(ARN, false);
      expect(askEcs.callCount).to.equal(0);
      await table.put(itemAged(DAY));
      await container()(ARN, false);
      expect(askEcs.args, "with an item to fall back on, no retries").to.deep.equal([[ARN, "once"]]);
    });

    it("asks ECS first about the service of an event that starts a deployment, whatever is known", async () => {
      const lookUp = container();
      await lookUp(ARN, false);
      askEcs.resolves(OTHER);
      expect(await lookUp(ARN, true)).to.deep.equal(OTHER);
      expect(await lookUp(ARN, false), "the memory has it, too").to.deep.equal(OTHER);
      expect(await container()(ARN, false)).to.deep.equal(OTHER);
      expect(askEcs.callCount).to.equal(2);
    });

    it("writes again what ECS confirms only when the item is older than 12 hours", async () => {
      const put = sinon.spy(table.client, "send");
      const writes = (): number => put.args.filter(([command]) => command instanceof PutItemCommand).length;
      await table.put(itemAged(12 * HOUR - 1));
      const before = writes();
      await container()(ARN, true);
      expect(writes()).to.equal(before);
      await table.put(itemAged(12 * HOUR));
      await container()(ARN, true);
      expect(writes()).to.equal(before + 2);
      expect(await item()).to.include({ learned_at: "2026-03-01T10:00:00.000Z" });
    });

    it("does not write the tenants of another environment, nor services without a tenant", async () => {
      askEcs.resolves({ tenantId: "acme", environment: "prod" });
      expect(await container()(ARN, false)).to.deep.equal({ tenantId: "acme", environment: "prod" });
      askEcs.resolves({});
      expect(await container()(ARN, false)).to.deep.equal({});
      askEcs.resolves(undefined);
      expect(await container()(ARN, false)).to.equal(undefined);
      expect(await item()).to.equal(undefined);
    });

    it("keeps what it knows about a service that is gone: late events are its tenant's", async () => {
      await table.put(itemAged(HOUR));
      askEcs.resolves(undefined);
      expect(await container()(ARN, true)).to.equal(undefined);
      expect(await container()(ARN, false)).to.deep.equal(ACME);
    });

    it("forgets a tenant that the service no longer has", async () => {
      await table.put(itemAged(HOUR));
      askEcs.resolves({});
      expect(await container()(ARN, true)).to.deep.equal({});
      expect(await item()).to.have.all.keys("service_arn", "learned_at", "expires_at");
      expect(notes.take()).to.deep.equal({
        counts: { DirectoryItemsRejected: 1 },
        texts: [`DirectoryItemsRejected: it named the tenant acme for ${ARN}, ECS names none`],
      });
      askEcs.resolves(ACME);
      expect(await container()(ARN, false), "and asks again").to.deep.equal(ACME);
      expect(notes.take().counts, "an item without a tenant is no fault").to.deep.equal({});
    });
  });

  describe("when ECS throttles or fails", () => {
    beforeEach(() => askEcs.rejects(throttled));

    it("makes do with an item of any age, and leaves ECS alone for 30 seconds", async () => {
      await table.put(itemAged(29 * DAY));
      const lookUp = container();
      expect(await lookUp(ARN, false)).to.deep.equal(ACME);
      now += 30 * SECOND - 1;
      expect(await lookUp(ARN, false)).to.deep.equal(ACME);
      expect(await lookUp(ARN, true)).to.deep.equal(ACME);
      expect(askEcs.callCount).to.equal(1);
      now += 1;
      expect(await lookUp(ARN, true)).to.deep.equal(ACME);
      expect(askEcs.args).to.deep.equal([
        [ARN, "once"],
        [ARN, "once"],
      ]);
    });

    it("asks ECS again after that, rather than remember what it had to make do with", async () => {
      await table.put(itemAged(2 * DAY));
      const lookUp = container();
      await lookUp(ARN, false);
      now += 30 * SECOND;
      askEcs.resolves(OTHER);
      expect(await lookUp(ARN, false)).to.deep.equal(OTHER);
    });

    it("does not remember either what it had to make do with while ECS was left alone", async () => {
      await table.put(itemAged(2 * DAY));
      const lookUp = container();
      await lookUp(ARN, false);
      expect(await lookUp(ARN, false)).to.deep.equal(ACME);
      now += 30 * SECOND;
      askEcs.resolves(OTHER);
      expect(await lookUp(ARN, false)).to.deep.equal(OTHER);
    });

    it("asks with all retries about a service never seen, even while ECS is left alone, and throws", async () => {
      const unknown = serviceArnOf("unknown");
      await table.put(itemAged(2 * DAY));
      const lookUp = container();
      await lookUp(ARN, false);
      expect(await lookUp(unknown, false).catch((error: unknown) => error)).to.equal(throttled);
      expect(askEcs.lastCall.args).to.deep.equal([unknown, "with_retries"]);
      askEcs.resolves(OTHER);
      expect(await lookUp(unknown, false)).to.deep.equal(OTHER);
      await table.remove({ service_arn: unknown });
    });

    it("makes do with the container's memory when the directory fails as well", async () => {
      askEcs.onFirstCall().resolves(ACME);
      const lookUp = container({ tableName: "no-such-table" });
      await lookUp(ARN, false);
      expect(await lookUp(ARN, true)).to.deep.equal(ACME);
      expect(askEcs.callCount).to.equal(2);
    });
  });

  describe("an item that must not be believed", () => {
    const bad: [what: string, attributes: Record<string, unknown>, reason: RegExp][] = [
      ["without a time", { learned_at: undefined }, /learned_at/],
      ["of a time that is none", { learned_at: "yesterday" }, /learned_at is \{"S":"yesterday"\}/],
      ["of a time that is a number", { learned_at: START }, /learned_at/],
      ["of the future", { learned_at: new Date(START + 5 * MINUTE + 1).toISOString() }, /learned_at/],
      ["of another environment", { environment: "prod" }, /environment is \{"S":"prod"\}, not dev/],
      ["of no environment", { environment: undefined }, /environment/],
      ["whose tenant is a number", { tenant_id: 7 }, /tenant_id/],
      ["whose tenant is NULL", { tenant_id: null }, /tenant_id/],
      ["whose tenant is empty", { tenant_id: " " }, /tenant_id/],
    ];
    for (const [what, attributes, reason] of bad) {
      const badItem = (): Record<string, unknown> =>
        Object.fromEntries(
          Object.entries({ ...itemAged(HOUR, "wrong"), ...attributes }).filter(
            ([, value]) => value !== undefined,
          ),
        );

      it(`is ignored, asked for again, replaced and counted: ${what}`, async () => {
        await table.put(badItem());
        expect(await container()(ARN, false)).to.deep.equal(ACME);
        expect(askEcs.args).to.deep.equal([[ARN, "with_retries"]]);
        const { counts, texts } = notes.take();
        expect(counts).to.deep.equal({ DirectoryItemsRejected: 1 });
        expect(texts[0]).to.match(reason);
        expect(await item()).to.deep.include({ tenant_id: "acme", environment: "dev" });
        await container()(ARN, false);
        expect(askEcs.callCount, "the new item counts").to.equal(1);
      });

      it(`does not stand in for ECS either: ${what}`, async () => {
        await table.put(badItem());
        askEcs.rejects(throttled);
        expect(await container()(ARN, false).catch((error: unknown) => error)).to.equal(throttled);
      });
    }

    it("is replaced and counted when another tenant has the service now", async () => {
      await table.put(itemAged(HOUR, "former"));
      expect(await container()(ARN, true)).to.deep.equal(ACME);
      const { counts, texts } = notes.take();
      expect(counts).to.deep.equal({ DirectoryItemsRejected: 1 });
      expect(texts).to.deep.equal([
        `DirectoryItemsRejected: it named the tenant former for ${ARN}, ECS names acme`,
      ]);
      expect(await item()).to.include({ tenant_id: "acme" });
    });

    it("is replaced where the service has no tenant, and not counted again", async () => {
      await table.put({ ...itemAged(HOUR), environment: "prod" });
      askEcs.resolves({ tenantId: "acme", environment: "prod" });
      await container()(ARN, false);
      await container()(ARN, false);
      expect(notes.take().counts).to.deep.equal({ DirectoryItemsRejected: 1 });
    });

    it("may be of a clock that is a little ahead", async () => {
      await table.put(itemAged(-5 * MINUTE));
      await container()(ARN, false);
      expect(askEcs.callCount).to.equal(0);
    });
  });

  describe("with a directory in trouble", () => {
    it("asks ECS, counts the trouble, and does not try to write", async () => {
      const send = sinon.spy(table.client, "send");
      expect(await container({ tableName: "no-such-table" })(ARN, false)).to.deep.equal(ACME);
      const { counts, texts } = notes.take();
      expect(counts).to.deep.equal({ DirectoryFailures: 1 });
      expect(texts[0]).to.match(/^DirectoryFailures: reading failed: ResourceNotFoundException: /);
      expect(send.callCount).to.equal(1);
      expect(send.firstCall.args[0]).to.be.instanceOf(GetItemCommand);
    });

    it("bounds the time of each request, and reads what was written last", async () => {
      const send = sinon.spy(table.client, "send");
      await container()(ARN, false);
      expect(send.args.map(([command]) => command.constructor)).to.deep.equal([
        GetItemCommand,
        PutItemCommand,
      ]);
      expect(send.firstCall.args[0].input).to.include({ ConsistentRead: true });
      for (const call of send.args as unknown[][])
        expect(call[1]).to.have.property("abortSignal").that.is.instanceOf(AbortSignal);
    });

    it("answers all the same when only writing fails", async () => {
      const send = sinon.stub(table.client, "send").callThrough();
      send.onSecondCall().rejects(Object.assign(new Error("no"), { name: "AccessDeniedException" }));
      expect(await container()(ARN, false)).to.deep.equal(ACME);
      expect(notes.take()).to.deep.equal({
        counts: { DirectoryFailures: 1 },
        texts: ["DirectoryFailures: writing failed: AccessDeniedException: no"],
      });
    });
  });

  describe("in the container's memory", () => {
    it("remembers what the directory knew, too", async () => {
      await table.put(itemAged(HOUR));
      const send = sinon.spy(table.client, "send");
      const lookUp = container();
      await lookUp(ARN, false);
      expect(await lookUp(ARN, false)).to.deep.equal(ACME);
      expect(send.callCount).to.equal(1);
    });

    it("remembers a service for five minutes, without asking the directory", async () => {
      const lookUp = container();
      await lookUp(ARN, false);
      await table.remove({ service_arn: ARN });
      now += 5 * MINUTE - 1;
      await lookUp(ARN, false);
      expect(askEcs.callCount).to.equal(1);
      now += 1;
      await lookUp(ARN, false);
      expect(askEcs.callCount).to.equal(2);
    });

    it("does not believe a memory of the future, when the clock was set back", async () => {
      const lookUp = container();
      await lookUp(ARN, false);
      await table.remove({ service_arn: ARN });
      now -= 1;
      await lookUp(ARN, false);
      expect(askEcs.callCount).to.equal(2);
    });

    it("forgets the oldest services when it would remember too many", async () => {
      const lookUp = container({ maxEntries: 2, tableName: "no-such-table" });
      for (const id of ["a", "b", "c"]) await lookUp(serviceArnOf(id), false);
      await lookUp(serviceArnOf("c"), false);
      await lookUp(serviceArnOf("b"), false);
      expect(askEcs.callCount).to.equal(3);
      await lookUp(serviceArnOf("a"), false);
      expect(askEcs.callCount).to.equal(4);
    });

    it("takes a service that it has asked about again for a young one", async () => {
      const lookUp = container({ maxEntries: 2, tableName: "no-such-table" });
      await lookUp(serviceArnOf("a"), false);
      now += MINUTE;
      await lookUp(serviceArnOf("b"), false);
      now += 4 * MINUTE;
      // What is remembered of a is five minutes old.
      await lookUp(serviceArnOf("a"), false);
      await lookUp(serviceArnOf("c"), false);
      expect(askEcs.callCount).to.equal(4);
      await lookUp(serviceArnOf("a"), false);
      expect(askEcs.callCount, "a is remembered").to.equal(4);
      await lookUp(serviceArnOf("b"), false);
      expect(askEcs.callCount, "b made room for c").to.equal(5);
    });

    it("does not remember that a service has no tenant: the tag may be added any time", async () => {
      const lookUp = container();
      askEcs.resolves({});
      expect(await lookUp(ARN, false)).to.deep.equal({});
      await lookUp(ARN, false);
      expect(askEcs.callCount).to.equal(2);
    });
  });

  describe("without a directory", () => {
    it("asks ECS with all retries, and believes its memory for every event", async () => {
      const lookUp = withoutDirectory();
      await lookUp(ARN, false);
      await lookUp(ARN, true);
      expect(askEcs.args).to.deep.equal([[ARN, "with_retries"]]);
      askEcs.rejects(throttled);
      now += 5 * MINUTE;
      expect(await lookUp(ARN, false).catch((error: unknown) => error)).to.equal(throttled);
      askEcs.resolves(OTHER);
      expect(await lookUp(ARN, false)).to.deep.equal(OTHER);
    });
  });
});
