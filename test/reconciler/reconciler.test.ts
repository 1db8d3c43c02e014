import { expect } from "chai";
import type { BundleRun } from "../build/lambda.ts";
import { ServiceError } from "../ops/local-aws.ts";
import { buildReconciler, type BuiltReconciler, CHECK, nameOf, SCHEDULED, World } from "./world.ts";

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
  let built: BuiltReconciler;
  let world: World;
  before(async () => {
    built = await buildReconciler();
  });
  after(() => built.remove());
  beforeEach(async () => {
    world = await World.create(built);
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
