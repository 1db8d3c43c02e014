import { expect } from "chai";
import type { TestTable } from "../../handler/dynamodb.ts";
import { serviceAction, serviceArnOf } from "../../handler/events.ts";
import { type LocalTenants, startLocalTenants } from "../local-tenants.ts";
import { identityIn } from "../healthy-dev.ts";
import { recordedAws } from "../recorded-aws.ts";
import { type Run, run as runOps } from "../run.ts";

const SERVER_TIME = new Date("2026-03-03T21:00:07Z");
const FORGED = { at: "2098-01-01T00:00:00Z", id: "forged" };
const COMMAND = 'forget-future dev --tenant acme --reason "a forged event"';

/** The command whole: ECS's clock over HTTP, a real table, and afterwards the handler's own parts on the same row. */
describe("ops forget-future", () => {
  let tenants: LocalTenants;
  let table: TestTable;

  beforeEach(async () => {
    tenants = await startLocalTenants(SERVER_TIME);
    table = tenants.table;
  });
  afterEach(() => tenants.close());

  const run = (commandLine: string): Promise<Run> => tenants.run(commandLine);
  const row = () => table.get({ tenant_id: "acme" });
  const send = (name: string, time: string) =>
    tenants.handler(serviceAction(name, { time, resources: [serviceArnOf("acme")] }));

  /** A tenant that runs, and was suspended perhaps, with a forged deletion of 2098 on top. */
  const pin = async (events: readonly string[], status = "DEPROVISIONED"): Promise<void> => {
    await table.put({ tenant_id: "acme", status: "PENDING", domain: "acme.example" });
    for (const [hour, name] of events.entries()) await send(name, `2026-03-01T1${hour}:00:00Z`);
    const before = (await row()) ?? {};
    await table.put({
      ...before,
      status,
      ecs_status: "DEPROVISIONED",
      status_at: FORGED.at,
      last_event: { name: "SERVICE_DELETED", ...FORGED },
      events: { ...(before["events"] as object | undefined), SERVICE_DELETED: FORGED },
      revision: 7,
    });
  };

  it("says what it would do, and changes nothing, unless told to apply it", async () => {
    await pin(["DEPLOYMENT_IN_PROGRESS", "SERVICE_STEADY_STATE"]);
    const before = await row();
    const dry = await run(COMMAND);
    expect(dry.exitCode).to.equal(0);
    expect(dry.stdout)
      .to.include("would forget SERVICE_DELETED of 2098-01-01T00:00:00Z (forged): DEPROVISIONED -> ACTIVE")
      .and.include("Add --apply");
    expect(dry.stderr).to.equal("");
    expect(await row()).to.deep.equal(before);
  });

  it("brings the row back to what is left of its memory, and records who did it and why", async () => {
    await pin(["DEPLOYMENT_IN_PROGRESS", "SERVICE_STEADY_STATE"]);
    const ran = await run(`${COMMAND} --apply`);
    expect(ran.exitCode, ran.stdout).to.equal(0);
    const cured = (await row()) ?? {};
    expect(cured).to.include({
      status: "ACTIVE",
      ecs_status: "ACTIVE",
      status_at: "2026-03-01T11:00:00Z",
      revision: 8,
      domain: "acme.example",
      service_arn: serviceArnOf("acme"),
    });
    expect(cured["events"]).to.have.all.keys("DEPLOYMENT_IN_PROGRESS", "SERVICE_STEADY_STATE");
    expect(JSON.stringify(cured)).not.to.include("2098");
    expect(JSON.parse(ran.stderr)).to.deep.include({
      command: "forget-future",
      environment: "dev",
      tenantId: "acme",
      reason: "a forged event",
      statusBefore: "DEPROVISIONED",
      status: "ACTIVE",
      forgotten: [{ name: "SERVICE_DELETED", ...FORGED }],
    });
    await send("SERVICE_TASK_START_IMPAIRED", "2026-03-01T13:00:00Z");
    expect(await row()).to.include({ status: "FAILED" });
  });

  it("leaves a status alone that another service has set since", async () => {
    await pin(["DEPLOYMENT_IN_PROGRESS", "SERVICE_STEADY_STATE"], "SUSPENDED");
    expect((await run(`${COMMAND} --apply`)).exitCode).to.equal(0);
    expect(await row()).to.include({ status: "SUSPENDED", ecs_status: "ACTIVE" });
  });

  it("lets the next event, and reconcile, set the status of a row that has nothing left", async () => {
    for (const repair of ["event", "reconcile"] as const) {
      await pin([]);
      const ran = await run(`${COMMAND} --apply`);
      expect(ran.stdout).to.include("no other event is left in the row");
      expect(await row()).to.deep.include({ status: "DEPROVISIONED", events: {} });
      if (repair === "event") await send("SERVICE_STEADY_STATE", "2026-03-01T13:00:00Z");
      else {
        tenants.ecs.add({ name: "tenant-acme-wordpress", tenantId: "acme" });
        expect((await run("reconcile dev --apply")).exitCode).to.equal(0);
      }
      expect(await row(), repair).to.include({ status: "ACTIVE" });
    }
  });

  it("has nothing to do for a row without events of the future", async () => {
    await table.put({ tenant_id: "acme", status: "PENDING" });
    await send("SERVICE_STEADY_STATE", "2026-03-01T10:00:00Z");
    const before = await row();
    const ran = await run(`${COMMAND} --apply`);
    expect(ran.exitCode).to.equal(0);
    expect(ran.stdout).to.include("remembers no event of the future").and.include("there are none");
    expect(await row()).to.deep.equal(before);
  });

  it("writes nothing when somebody writes the row meanwhile", async () => {
    await pin(["SERVICE_STEADY_STATE"]);
    let written = false;
    table.client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === "UpdateItemCommand" && !written) {
            written = true;
            await table.put({ ...(await row()), revision: 100 });
          }
          return next(args);
        },
      { step: "initialize", priority: "high" },
    );
    const ran = await run(`${COMMAND} --apply`);
    expect(ran.exitCode).to.equal(1);
    expect(ran.stdout).to.include("the row was written meanwhile; nothing was changed");
    expect(ran.stderr).to.equal("");
    expect(await row()).to.include({ revision: 100, status: "DEPROVISIONED" });
  });

  it("names a tenant that there is not, and a row that cannot be read", async () => {
    const unknown = await run(COMMAND);
    expect(unknown.exitCode).to.equal(2);
    expect(unknown.stdout).to.include('Unknown tenant "acme": no row has that id');
    await table.put({ tenant_id: "acme", events: "not a map" });
    expect((await run(COMMAND)).stdout).to.include("the row cannot be read: /events must be object");
  });

  it("touches nothing in the wrong account", async () => {
    const asked = recordedAws(identityIn("999999999999"));
    const ran = await runOps(`${COMMAND} --apply`, { createAws: asked.createAws });
    expect(ran.exitCode).to.equal(1);
    expect(asked.calls.map(({ command }) => command)).to.deep.equal(["GetCallerIdentityCommand"]);
  });

  for (const [what, commandLine] of [
    ["a reason", "forget-future dev --tenant acme --apply"],
    ["a tenant", "forget-future dev --reason x --apply"],
    ["a tenant with a name", 'forget-future dev --tenant " " --reason x'],
  ] as const)
    it(`asks for ${what}`, async () => {
      expect((await run(commandLine)).exitCode).to.equal(2);
    });
});
