import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { BundleRun } from "../build/lambda.ts";
import { serviceAction, serviceArnOf } from "../handler/events.ts";
import { ServiceError } from "../ops/local-aws.ts";
import { CHECK, nameOf, SCHEDULED, World } from "./world.ts";

const DEPLOYED = ["DEPLOYMENT_IN_PROGRESS", "SERVICE_STEADY_STATE"];

const answerOf = ({ outcomes }: BundleRun): Record<string, unknown> => {
  const [outcome] = outcomes;
  if (outcome === undefined || !("answer" in outcome)) throw new Error(JSON.stringify(outcome));
  return outcome.answer;
};

/** The line of the run itself: it has the answer. */
const runLine = ({ log }: BundleRun): Record<string, unknown> =>
  log.find(({ run }) => run !== undefined) ?? {};

/** The built function: ECS, Lambda and DynamoDB over HTTP, the handler's own parts behind the alias. */
describe("the scheduled reconciler", function () {
  this.timeout(60_000);
  let world: World;
  beforeEach(async () => {
    world = await World.create();
  });
  afterEach(() => world.close());

  /** One of each kind. */
  const createFleet = async (): Promise<void> => {
    await world.addTenant("steady", DEPLOYED, {});
    await world.addTenant("missed", ["DEPLOYMENT_IN_PROGRESS"], {});
    await world.addTenant("broken", DEPLOYED, { rolloutState: "FAILED", runningCount: 0 });
    await world.addTenant("late", [], {});
    await world.addTenant("suspended", DEPLOYED, { runningCount: 0, desiredCount: 0 });
    await world.setStatus("suspended", "SUSPENDED");
    await world.addTenant("gone", DEPLOYED);
    await world.addTenant("unborn", []);
  };

  it("brings the rows to what ECS says, and says in numbers what it found and did", async () => {
    await createFleet();
    const ran = await world.run();
    expect(answerOf(ran)).to.include({
      status: "reconciled",
      environment: "dev",
      services: 5,
      tenants: 7,
      agreeing: 1,
      kept: 1,
      drifted: 4,
      repaired: 4,
      failed: 0,
    });
    for (const [tenantId, status] of Object.entries({
      steady: "ACTIVE",
      missed: "ACTIVE",
      broken: "FAILED",
      late: "ACTIVE",
      suspended: "SUSPENDED",
      gone: "DEPROVISIONED",
      unborn: "PENDING",
    }))
      expect(await world.statusOf(tenantId), tenantId).to.equal(status);
    expect(ran.complaints).to.equal("");
  });

  it("changes nothing in a second run, and gives the lease back", async () => {
    await createFleet();
    const { outcomes } = await world.run({}, [SCHEDULED, SCHEDULED]);
    expect(outcomes[1])
      .to.have.property("answer")
      .that.includes({ status: "reconciled", drifted: 0, agreeing: 5 });
    expect(world.invoked).to.have.length(4);
    expect(await world.directory.get({ service_arn: "lease/reconciler" })).to.equal(undefined);
  });

  it("writes a line for each repair, and one for the run with all its metrics", async () => {
    await world.addTenant("gone", DEPLOYED);
    await world.addTenant("steady", DEPLOYED, {});
    const ran = await world.run();
    expect(ran.log.find(({ tenantId }) => tenantId === "gone"))
      .to.have.property("eventIds")
      .that.has.length(1);
    expect(ran.log.find(({ tenantId }) => tenantId === "gone")).to.include({
      level: "INFO",
      message: "Repaired gone",
      requestId: "request-0",
      from: "ACTIVE",
      to: "DEPROVISIONED",
      because: "no such service",
    });
    const line = runLine(ran);
    expect(line).to.include({
      level: "INFO",
      message: "Reconciled",
      requestId: "request-0",
      Environment: "dev",
      RunsCompleted: 1,
      FuseBlown: 0,
      RowsDrifted: 1,
      RowsRepaired: 1,
      RepairsFailed: 0,
    });
    expect(line["run"]).to.deep.equal(answerOf(ran));
    expect(line).to.have.nested.property("_aws.CloudWatchMetrics[0].Namespace", "BBWS/Tenants");
    const tenants = ran.log.filter((other) => other["Tenants"] !== undefined);
    const counts: unknown = Object.fromEntries(tenants.map(({ Status, Tenants }) => [Status, Tenants]));
    // As the rows were when they were looked at; of every status, so that an alarm sees a zero.
    expect(counts).to.include({ ACTIVE: 2, FAILED: 0, DEPROVISIONED: 0, SUSPENDED: 0, OTHER: 0, NONE: 0 });
  });

  it("answers a check without taking the lease or changing anything", async () => {
    await createFleet();
    const ran = await world.run({}, [CHECK]);
    expect(answerOf(ran)).to.deep.equal({ status: "ready", environment: "dev", services: 5, repair: true });
    expect(world.ecs.requests.map(({ action }) => action)).to.deep.equal(["DescribeClusters"]);
    expect(world.invoked).to.deep.equal([]);
  });

  for (const [what, input] of [
    ["an unknown version", { version: 2, kind: "scheduled" }],
    ["an unknown kind", { version: 1, kind: "sweep" }],
    ["a property too many", { ...SCHEDULED, force: true }],
    ["nothing", null],
    ["an ECS event", { source: "aws.ecs" }],
  ] as const) {
    it(`refuses ${what} in one warning, and does nothing`, async () => {
      const ran = await world.run({}, [input]);
      expect(answerOf(ran)).to.include({ status: "refused", environment: "dev" });
      expect(ran.log).to.have.length(1);
      expect(ran.log[0]).to.include({ level: "WARN", message: "Invalid event", EventsRejected: 1 });
      expect(world.ecs.requests).to.deep.equal([]);
    });
  }

  it("steps aside while another run holds the lease, and takes it once that has ended", async () => {
    await world.addTenant("gone", DEPLOYED);
    await world.addTenant("steady", DEPLOYED, {});
    const hold = (until: number): Promise<void> =>
      world.directory.put({ service_arn: "lease/reconciler", lease_holder: "other", lease_until: until });
    await hold(Date.now() + 60_000);
    const ran = await world.run();
    expect(answerOf(ran)).to.deep.equal({
      status: "stepped_aside",
      environment: "dev",
      why: "another run is under way",
    });
    expect(runLine(ran)).to.include({ level: "WARN", RunsSteppedAside: 1 });
    expect(world.ecs.requests).to.deep.equal([]);
    await hold(Date.now() - 1000);
    expect(answerOf(await world.run())).to.include({ repaired: 1 });
  });

  it("only counts what differs where REPAIR is false", async () => {
    await world.addTenant("gone", DEPLOYED);
    await world.addTenant("steady", DEPLOYED, {});
    expect(answerOf(await world.run({ REPAIR: "false" }))).to.include({
      status: "reconciled",
      drifted: 1,
      repaired: 0,
    });
    expect(await world.statusOf("gone")).to.equal("ACTIVE");
  });

  it("changes nothing when more differs than the fuse allows, and says so", async () => {
    for (const tenantId of ["a", "b", "c"]) await world.addTenant(tenantId, DEPLOYED);
    await world.addTenant("steady", DEPLOYED, {});
    const ran = await world.run({ FUSE_TENANTS: "2" });
    expect(answerOf(ran)).to.include({ status: "fuse_blown", drifted: 3, repaired: 0 });
    expect(runLine(ran)).to.include({ level: "ERROR", RunsCompleted: 1, FuseBlown: 1 });
    expect(runLine(ran)["message"]).to.match(/^Fuse blown: 3 of 4 rows differ/);
    expect(world.invoked).to.deep.equal([]);
  });

  it("names the tenants that several services claim, and repairs them for neither", async () => {
    await world.addTenant("twice", ["DEPLOYMENT_IN_PROGRESS"], {});
    world.ecs.add({ name: "impostor", tenantId: "twice" });
    const ran = await world.run();
    expect(answerOf(ran)).to.include({ status: "reconciled", contested: 1, repaired: 0 });
    expect(ran.log.find(({ message }) => message === "Tenants that several services claim: 1"))
      .to.have.nested.property("names[0]")
      .that.matches(new RegExp(`^twice: .*${nameOf("twice")}.*impostor`));
    expect(await world.statusOf("twice")).to.equal("PROVISIONING");
  });

  it("says FAILED of a service of which nothing runs any more, and ACTIVE once it runs again", async () => {
    await world.addTenant("down", DEPLOYED, { runningCount: 0 });
    await world.addTenant("restarting", DEPLOYED, { runningCount: 0 });
    const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
    const tell = (tenantId: string, minutes: number): void => {
      world.ecs.add({
        name: nameOf(tenantId),
        tenantId,
        runningCount: 0,
        events: [{ message: "was unable to place a task", createdAt: ago(minutes) }],
      });
    };
    tell("down", 11);
    tell("restarting", 9);
    const ran = await world.run();
    expect(await world.statusOf("down")).to.equal("FAILED");
    expect(await world.statusOf("restarting")).to.equal("SCALING");
    expect(ran.log.find(({ tenantId }) => tenantId === "down")).to.include({
      to: "FAILED",
      because: "nothing runs, 0 of 1 tasks running",
    });
    world.ecs.add({ name: nameOf("down"), tenantId: "down" });
    await world.run();
    expect(await world.statusOf("down")).to.equal("ACTIVE");
  });

  it("says FAILED all the time of a service that starts and crashes again, until ECS calls it steady", async () => {
    const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
    await world.addTenant("steady", DEPLOYED, {});
    await world.addTenant("loops", DEPLOYED, {});
    const look = async (runningCount: number, steadyMinutesAgo: number): Promise<unknown> => {
      world.ecs.add({
        name: nameOf("loops"),
        tenantId: "loops",
        runningCount,
        events: [
          { message: "has reached a steady state", createdAt: ago(steadyMinutesAgo) },
          { message: "is unable to consistently start tasks successfully", createdAt: ago(1) },
          { message: "has started 1 tasks", createdAt: ago(12) },
        ],
      });
      await world.run();
      return world.statusOf("loops");
    };
    const seen = [
      await look(1, 60),
      await look(0, 60),
      await look(1, 60),
      await look(0, 60),
      await look(1, 0),
    ];
    expect(seen).to.deep.equal(["ACTIVE", "FAILED", "FAILED", "FAILED", "ACTIVE"]);
  });

  it("deprovisions a suspended tenant whose service is gone: there is nothing left to resume", async () => {
    await world.addTenant("steady", DEPLOYED, {});
    for (const status of ["SUSPENDED", "SUSPENDING", "DEPROVISIONING"]) {
      await world.addTenant(status.toLowerCase(), DEPLOYED);
      await world.setStatus(status.toLowerCase(), status);
    }
    expect(answerOf(await world.run())).to.include({ repaired: 3 });
    for (const tenantId of ["suspended", "suspending", "deprovisioning"])
      expect(await world.statusOf(tenantId)).to.equal("DEPROVISIONED");
  });

  it("repairs a service that was tagged late and a row that was written late", async () => {
    world.ecs.add({ name: nameOf("late") });
    await world.addTenant("steady", DEPLOYED, {});
    expect(answerOf(await world.run())).to.include({ servicesWithoutTenant: 1, repaired: 0 });
    world.ecs.add({ name: nameOf("late"), tenantId: "late" });
    expect(answerOf(await world.run()), "there is no row yet").to.include({ servicesWithoutTenant: 1 });
    await world.addTenant("late", []);
    expect(answerOf(await world.run())).to.include({ servicesWithoutTenant: 0, repaired: 1 });
    expect(await world.statusOf("late")).to.equal("ACTIVE");
  });

  for (const [what, failures, why] of [
    ["leaves out", [], "ECS was asked about it and did not answer"],
    [
      "cannot describe",
      [{ arn: serviceArnOf("unclear"), reason: "INTERNAL", detail: "try later" }],
      "ECS cannot describe it: INTERNAL, try later",
    ],
  ] as const)
    it(`takes nobody for gone whom ECS ${what}, names them, and repairs the others`, async () => {
      await world.addTenant("unclear", DEPLOYED, {});
      await world.addTenant("missed", ["DEPLOYMENT_IN_PROGRESS"], {});
      const answerAsEver = world.ecs.answer.bind(world.ecs);
      world.ecs.answer = (action, input) => {
        if (action !== "DescribeServices") return answerAsEver(action, input);
        const arns = input["services"] as string[];
        const known = arns.filter((arn) => !arn.includes("unclear"));
        return { ...answerAsEver(action, { ...input, services: known }), failures };
      };
      const ran = await world.run();
      expect(answerOf(ran)).to.include({
        status: "reconciled",
        unanswered: 1,
        repaired: 1,
        tenantsWithoutService: 0,
      });
      expect(runLine(ran)).to.include({ ServicesUnanswered: 1 });
      expect(ran.log.find(({ message }) => message === "Services that ECS did not describe: 1"))
        .to.have.nested.property("names[0]")
        .that.includes(`tenant-unclear-wordpress: ${why}`);
      expect(await world.statusOf("unclear")).to.equal("ACTIVE");
      expect(await world.statusOf("missed")).to.equal("ACTIVE");
    });

  it("goes on past rows and tags of any form", async () => {
    await world.addTenant("missed", ["DEPLOYMENT_IN_PROGRESS"], {});
    await world.addTenant("malformed", DEPLOYED, {});
    await world.tenants.put({ ...(await world.tenants.get({ tenant_id: "malformed" })), events: "?" });
    await world.addTenant("future", DEPLOYED, {});
    const at = "2999-01-01T00:00:00Z";
    await world.tenants.put({
      ...(await world.tenants.get({ tenant_id: "future" })),
      events: { SERVICE_DELETED: { at, id: "forged" } },
    });
    const longId = "x".repeat(256);
    await world.addTenant(longId, []);
    world.ecs.add({ name: "untagged" }, { name: "long", tenantId: longId });
    world.ecs.add({
      name: "much-tagged",
      tenantId: "much",
      tags: Array.from({ length: 48 }, (_, index) => ({ key: `key-${index}`, value: "v".repeat(256) })),
    });
    await world.addTenant("much", []);
    const ran = await world.run();
    expect(answerOf(ran)).to.include({
      status: "reconciled",
      malformed: 1,
      ahead: 1,
      servicesWithoutTenant: 1,
      repaired: 3,
    });
    const messages = ran.log.map(({ message }) => message);
    expect(messages).to.include("Rows that the handler cannot read: 1");
    expect(messages).to.include("Rows that remember an event of the future: 1");
    for (const tenantId of ["missed", "much", longId])
      expect(await world.statusOf(tenantId), tenantId).to.equal("ACTIVE");
  });

  for (const [what, serverTime, why] of [
    ["does not tell its time", () => undefined, /^Fuse blown: clocks: .*no Date header/],
    [
      "is six minutes ahead",
      () => new Date(Date.now() + 360_000),
      /^Fuse blown: clocks: .* (358|359|360) s ahead, and 300 s are allowed/,
    ],
    ["is six minutes behind", () => new Date(Date.now() - 360_000), /^Fuse blown: clocks: .* s behind/],
  ] as const) {
    it(`changes nothing when ECS ${what}, and says so`, async () => {
      await world.addTenant("missed", ["DEPLOYMENT_IN_PROGRESS"], {});
      world.serverTime = serverTime;
      const ran = await world.run();
      expect(answerOf(ran)).to.include({ status: "fuse_blown" });
      expect(runLine(ran)).to.include({ level: "ERROR", FuseBlown: 1 });
      expect(runLine(ran)["message"]).to.match(why);
      expect(world.invoked).to.deep.equal([]);
      expect(await world.directory.get({ service_arn: serviceArnOf("missed") })).to.equal(undefined);
    });
  }

  describe("the directory", () => {
    const DAY_MS = 24 * 60 * 60 * 1000;
    const learn = (tenantId: string, daysAgo: number, owner = tenantId): Promise<void> =>
      world.directory.put({
        service_arn: serviceArnOf(tenantId),
        tenant_id: owner,
        environment: "dev",
        learned_at: new Date(Date.now() - daysAgo * DAY_MS).toISOString(),
      });
    const ownerOf = async (tenantId: string): Promise<unknown> =>
      (await world.directory.get({ service_arn: serviceArnOf(tenantId) }))?.["tenant_id"];

    it("gets what is missing, wrong or old, and nothing else", async () => {
      for (const tenantId of ["new", "wrong", "old", "fresh", "untagged", "garbled"])
        await world.addTenant(tenantId, DEPLOYED, {});
      await learn("wrong", 2, "other");
      await learn("old", 21);
      await learn("fresh", 19);
      await world.directory.put({ service_arn: serviceArnOf("garbled"), learned_at: 7 });
      world.ecs.add({ name: nameOf("untagged") });
      await learn("untagged", 2);
      const before = await world.directory.get({ service_arn: serviceArnOf("fresh") });
      const ran = await world.run();
      expect(answerOf(ran)).to.include({ directoryItemsWritten: 5, directoryItemsRemoved: 0 });
      expect(runLine(ran)).to.include({ DirectoryItemsWritten: 5, DirectoryItemsRemoved: 0 });
      for (const tenantId of ["new", "wrong", "old", "garbled"])
        expect(await ownerOf(tenantId), tenantId).to.equal(tenantId);
      expect(await ownerOf("untagged")).to.equal(undefined);
      expect(await world.directory.get({ service_arn: serviceArnOf("fresh") })).to.deep.equal(before);
      expect(answerOf(await world.run())).to.include({ directoryItemsWritten: 0, directoryItemsRemoved: 0 });
    });

    it("forgets services that are gone, a day after they were last heard of, and no others", async () => {
      await world.addTenant("steady", DEPLOYED, {});
      await learn("gone", 2);
      await learn("justGone", 0.5);
      await world.directory.put({ service_arn: "lease/other", lease_holder: "somebody" });
      expect(answerOf(await world.run())).to.include({ directoryItemsRemoved: 1 });
      expect(await ownerOf("gone")).to.equal(undefined);
      expect(await ownerOf("justGone")).to.equal("justGone");
      expect(await world.directory.get({ service_arn: "lease/other" })).to.include({
        lease_holder: "somebody",
      });
    });

    it("keeps what the handler has learned since ECS was asked", async () => {
      await world.addTenant("steady", DEPLOYED, {});
      await learn("steady", -2 / (24 * 60), "newer");
      expect(answerOf(await world.run())).to.include({ directoryItemsWritten: 0 });
      expect(await ownerOf("steady")).to.equal("newer");
    });

    it("is left as it is when the fuse blows", async () => {
      await learn("gone", 2);
      await world.addTenant("gone", DEPLOYED);
      expect(answerOf(await world.run())).to.include({ status: "fuse_blown" });
      expect(await ownerOf("gone")).to.equal("gone");
    });
  });

  it("says that it is unfinished when its time runs out, changes nothing by halves, and gives the lease back", async () => {
    await world.addTenant("steady", DEPLOYED, {});
    await world.addTenant("missed", ["DEPLOYMENT_IN_PROGRESS"], {});
    const ran = await world.run({}, [SCHEDULED], { remainingMs: 40_000 });
    expect(answerOf(ran)).to.include({ status: "unfinished", environment: "dev" });
    expect(runLine(ran))
      .to.include({ level: "WARN", RunsUnfinished: 1 })
      .and.not.have.property("RunsCompleted");
    expect(runLine(ran)["message"]).to.match(/^Unfinished: time ran out after \d+ services were listed$/);
    expect(world.invoked).to.deep.equal([]);
    expect(await world.directory.get({ service_arn: "lease/reconciler" })).to.equal(undefined);
    expect(answerOf(await world.run()), "the next run").to.include({ status: "reconciled", repaired: 1 });
  });

  describe("whose repairs hang", () => {
    /** Every time of over 20 s passes twenty times as fast. */
    const preload = fileURLToPath(new URL("fast-clock.cjs", import.meta.url));

    it("waits for them no longer than its time, says what is left, and begins the next run elsewhere", async () => {
      const tenantIds = Array.from({ length: 10 }, (_, index) => `t${index}`);
      for (const tenantId of tenantIds) await world.addTenant(tenantId, ["DEPLOYMENT_IN_PROGRESS"], {});
      world.beforeHandler = () => new Promise(() => undefined);
      const hanging = await world.run({}, [SCHEDULED], { remainingMs: 60_000, preload });
      const run = runLine(hanging)["run"] as Record<string, number>;
      expect(run).to.include({ status: "unfinished", drifted: 10, repaired: 0 });
      expect(Number(run["failed"]) + Number(run["unprocessed"])).to.equal(10);
      expect(run["failed"]).to.be.at.least(1);
      expect(runLine(hanging)["message"]).to.equal(
        "Unfinished: time ran out before 10 of 10 rows were repaired; the next run goes on from there",
      );
      const hung = hanging.log.filter(({ outcome }) => outcome === "failed").map(({ tenantId }) => tenantId);
      for (const line of hanging.log.filter(({ outcome }) => outcome === "failed"))
        expect(line["detail"]).to.match(/: no answer before the run's time was over$/);
      expect(hanging.outcomes[0])
        .to.have.property("errorMessage")
        .that.matches(/^None of \d+ repairs/);
      const cursor = await world.directory.get({ service_arn: "lease/reconciler" });
      expect(cursor).to.have.property("resume_at").that.is.within(0, 63);

      world.beforeHandler = () => undefined;
      const lines = (await world.run()).log.filter(({ outcome }) => outcome === "repaired");
      expect(lines.map(({ tenantId }) => tenantId)).to.have.members(tenantIds);
      expect(
        lines.slice(-hung.length).map(({ tenantId }) => tenantId),
        "last come",
      ).to.have.members(hung);
      expect(await world.directory.get({ service_arn: "lease/reconciler" })).to.equal(undefined);
    });
  });

  it("killed in mid-run, is kept out by its lease until that ends; then every row is right, and none was repaired twice", async () => {
    const tenantIds = Array.from({ length: 10 }, (_, index) => `t${index}`);
    for (const tenantId of tenantIds) await world.addTenant(tenantId, ["DEPLOYMENT_IN_PROGRESS"], {});
    let kill = (): void => undefined;
    world.beforeHandler = () => {
      if (world.invoked.length === 4) kill();
    };
    const killed = await world
      .run({}, [SCHEDULED], {
        onStart: (end) => {
          kill = end;
        },
      })
      .then(() => "", String);
    expect(killed).to.match(/The function's process ended early/);
    expect(world.invoked.length).to.be.within(4, 9);

    const lease = await world.directory.get({ service_arn: "lease/reconciler" });
    expect(lease).to.include({ lease_holder: "request-0" });
    // Each invocation has an id of its own; here the first of each process has the same.
    const endAt = (lease_until: unknown): Promise<void> =>
      world.directory.put({ ...lease, lease_holder: "killed", lease_until });
    await endAt(lease?.["lease_until"]);
    expect(answerOf(await world.run())).to.include({ status: "stepped_aside" });
    await endAt(Date.now() - 1);

    expect(answerOf(await world.run())).to.include({ status: "reconciled", failed: 0 });
    for (const tenantId of tenantIds) expect(await world.statusOf(tenantId), tenantId).to.equal("ACTIVE");
    const repaired = world.invoked.map(({ resources }) => String(resources));
    expect(new Set(repaired).size, "each once").to.equal(repaired.length).and.to.equal(10);
    expect(answerOf(await world.run())).to.include({ status: "reconciled", drifted: 0 });
  });

  it("loses to an event that happens while it works, and says so", async () => {
    await world.addTenant("gone", DEPLOYED);
    await world.addTenant("steady", DEPLOYED, {});
    world.beforeHandler = async () => {
      world.beforeHandler = () => undefined;
      world.ecs.add({ name: nameOf("gone"), tenantId: "gone", rolloutState: "IN_PROGRESS" });
      const time = new Date(Date.now() + 2000).toISOString();
      await world.handle(
        serviceAction("DEPLOYMENT_IN_PROGRESS", { time, resources: [serviceArnOf("gone")] }),
      );
    };
    const ran = await world.run();
    expect(answerOf(ran)).to.include({ status: "reconciled", repaired: 0, overtaken: 1, failed: 0 });
    expect(await world.statusOf("gone")).to.equal("PROVISIONING");
    expect(ran.log.find(({ tenantId }) => tenantId === "gone")).to.include({
      message: "Did not repair gone",
      outcome: "overtaken",
    });
  });

  it("throws after one ERROR line when AWS fails, and gives the lease back", async () => {
    world.ecs.beforeAnswer = (action) => {
      if (action === "ListServices") throw new ServiceError("AccessDeniedException", "not allowed");
    };
    const ran = await world.run();
    expect(ran.outcomes[0]).to.include({ errorType: "AccessDeniedException", errorMessage: "not allowed" });
    expect(ran.log.filter(({ level }) => level === "ERROR")).to.have.length(1);
    expect(ran.log.at(-1)).to.include({ message: "Failed to reconcile", requestId: "request-0" });
    expect(await world.directory.get({ service_arn: "lease/reconciler" })).to.equal(undefined);
  });

  it("throws when no repair gets through, and says of each why", async () => {
    await world.addTenant("gone", DEPLOYED);
    await world.addTenant("steady", DEPLOYED, {});
    world.beforeHandler = () => {
      throw new Error("no such version");
    };
    const ran = await world.run();
    expect(ran.outcomes[0])
      .to.have.property("errorMessage")
      .that.matches(/None of 1 repairs succeeded/);
    expect(ran.log.find(({ tenantId }) => tenantId === "gone")).to.include({
      level: "WARN",
      outcome: "failed",
    });
    expect(runLine(ran)).to.include({ RepairsFailed: 1 });
  });

  it("says at its start which of its variables are wrong", async () => {
    const failure = await world
      .run({
        REPAIR: "yes",
        FUSE_PERCENT: "101",
        HANDLER_ALIAS_ARN: "latest-dev",
        SERVICES_TABLE: "",
        ENVIRONMENT: "",
      })
      .then(() => "", String);
    for (const part of [
      /ENVIRONMENT is not set/,
      /SERVICES_TABLE is/,
      /HANDLER_ALIAS_ARN is "latest-dev": it must be the ARN/,
      /REPAIR is "yes": it must be true or false/,
      /FUSE_PERCENT is "101"/,
    ])
      expect(failure).to.match(part);
  });
});
