import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { serviceAction, serviceArnOf } from "../../handler/events.ts";
import { readPage } from "../../page/read-page.ts";
import { type LocalTenants, startLocalTenants } from "../local-tenants.ts";
import { ServiceError } from "../local-aws.ts";
import { createManualClock } from "../manual-clock.ts";
import { lineOf, reportOf } from "../report-of.ts";
import type { Run } from "../run.ts";

const ago = (minutes: number): string =>
  new Date(Date.now() - minutes * 60_000).toISOString().replace(/\.\d+Z$/, "Z");

/** The command whole: a real table that the handler's own parts have written, ECS, SQS and the log over HTTP. */
describe("ops tenant", () => {
  let tenants: LocalTenants;
  beforeEach(async () => {
    tenants = await startLocalTenants(new Date());
    await tenants.table.put({ tenant_id: "acme" });
  });
  afterEach(() => tenants.close());

  const run = (commandLine: string): Promise<Run> => tenants.run(commandLine, { clock: createManualClock() });
  const happens = (name: string, minutes: number, id = name): Promise<unknown> =>
    tenants.handler(serviceAction(name, { id, time: ago(minutes), resources: [serviceArnOf("acme")] }));
  const verdictOf = (done: Run): Record<string, string> =>
    (reportOf(done).result as { verdict: Record<string, string> }).verdict;
  const service = { name: "tenant-acme-wordpress", tenantId: "acme" };

  it("says that all is well, with each event that the row remembers and what it did", async () => {
    tenants.ecs.add(service);
    await happens("SERVICE_DELETED", 30);
    await happens("SERVICE_STEADY_STATE", 20);
    const kept = await run("tenant dev acme");
    expect(kept.stdout).to.match(/SERVICE_DELETED +DEPROVISIONED +set it +ECS /);
    expect(kept.stdout).to.match(/SERVICE_STEADY_STATE +DEPROVISIONED +kept off: the status stays/);
    await happens("DEPLOYMENT_IN_PROGRESS", 10);
    await happens("SERVICE_STEADY_STATE", 5, "steady-2");
    const done = await run("tenant dev acme --json");
    expect(done.exitCode, done.stdout).to.equal(0);
    expect(lineOf(done, "Row of acme")).to.match(
      /^pass: ACTIVE, since \S+Z, last event SERVICE_STEADY_STATE of \S+Z \(steady-2\)$/,
    );
    expect(verdictOf(done)["message"]).to.match(
      /^The row and ECS agree: ACTIVE since .* 1 of 1 tasks running$/,
    );
  });

  it("writes a page of it: the fold step by step, and the verdict; none where there is no row", async () => {
    tenants.ecs.add(service);
    await happens("SERVICE_DELETED", 30);
    await happens("SERVICE_STEADY_STATE", 20);
    const folder = await mkdtemp(join(tmpdir(), "tenant-"));
    const file = join(folder, "page.html");
    await run(`tenant dev acme --html ${file}`);
    const [shown] = readPage(await readFile(file, "utf8")).tenants;
    expect(shown?.note).to.match(/^The row and ECS |^.+: npm run ops -- /);
    expect(shown?.events.map(({ name, status, effect }) => [name, status, effect])).to.deep.equal([
      ["SERVICE_DELETED", "DEPROVISIONED", "set it"],
      ["SERVICE_STEADY_STATE", undefined, "kept off: the status stays from such an event"],
    ]);
    const none = join(folder, "none.html");
    expect(lineOf(await run(`tenant dev acmee --json --html ${none}`), `Page ${none}`)).to.equal(
      "skip: there is nothing to show",
    );
    await rm(folder, { recursive: true });
  });

  it("says of a site that is down what the row misses, and which command repairs it", async () => {
    tenants.ecs.add({
      ...service,
      runningCount: 0,
      desiredCount: 2,
      rolloutState: "FAILED",
      rolloutStateReason: "ECS deployment circuit breaker: tasks failed to start.",
      events: [{ message: "(service acme) was unable to place a task", createdAt: ago(3) }],
    });
    await happens("SERVICE_STEADY_STATE", 50);
    tenants.log.push(
      JSON.stringify({
        timestamp: ago(50),
        level: "INFO",
        message: "Tenant status stays ACTIVE",
        tenantId: "acme",
        event: "SERVICE_STEADY_STATE",
        requestId: "r-1",
      }),
      JSON.stringify({ timestamp: ago(49), level: "INFO", message: "of another", tenantId: "globex" }),
      "START RequestId: r-1",
    );
    const done = await run("tenant dev acme");
    expect(done.exitCode).to.equal(1);
    expect(done.stdout).to.match(/^FAIL +Row and ECS: expected agree, found disagree$/m);
    expect(done.stdout).to.match(
      /The row says ACTIVE since .*, by SERVICE_STEADY_STATE of .*, but ECS says FAILED \(deployment FAILED, 0 of 2 tasks running\): an event was lost, or ECS never sent one. Next: npm run ops -- reconcile dev --tenant acme --apply/,
    );
    expect(done.stdout).to.match(/FAILED +0 of 0 +0 +ECS deployment circuit breaker/);
    expect(done.stdout).to.match(/\(service acme\) was unable to place a task$/m);
    expect(done.stdout).to.match(/INFO +acme +SERVICE_STEADY_STATE +Tenant status stays ACTIVE +r-1$/m);
    expect(done.stdout).not.to.include("of another");

    // And that command repairs this tenant, and no other.
    await tenants.table.put({ tenant_id: "globex", status: "ACTIVE", ecs_status: "ACTIVE" });
    tenants.ecs.add({ name: "tenant-globex-wordpress", tenantId: "globex", rolloutState: "FAILED" });
    expect((await run("reconcile dev --tenant acme")).exitCode).to.equal(1);
    const repaired = await run("reconcile dev --tenant acme --apply");
    expect(repaired.exitCode, repaired.stdout).to.equal(0);
    expect(await tenants.table.get({ tenant_id: "acme" })).to.include({ status: "FAILED" });
    expect(await tenants.table.get({ tenant_id: "globex" })).to.include({ status: "ACTIVE" });
    // The row tells who wrote it.
    const [record = ""] = repaired.stderr.split("\n").filter((line) => line.includes('"tenantId":"acme"'));
    const audited = JSON.parse(record) as { by: string; eventIds: string[] };
    expect(audited.by).to.match(/^arn:/);
    const row = await tenants.table.get({ tenant_id: "acme" });
    expect(row?.["last_event"]).to.deep.include({ source: "operator operator", id: audited.eventIds.at(-1) });
    const told = await run("tenant dev acme");
    expect(told.stdout).to.match(
      /The row and ECS agree: FAILED since \S+, by \S+ of \S+, sent by operator operator; /,
    );
    expect(told.stdout).to.match(/FAILED +set it +operator operator /);
    const after = await run("tenant dev acme --json");
    expect(verdictOf(after)["message"]).to.match(/^The row and ECS agree: FAILED .*circuit breaker/);
  });

  it("finds its dead letters, gives them back, and says to replay them", async () => {
    tenants.ecs.add({ ...service, rolloutState: "FAILED" });
    await happens("SERVICE_STEADY_STATE", 50);
    for (const tenantId of ["acme", "globex"])
      tenants.queue.send(
        serviceAction("SERVICE_TASK_START_IMPAIRED", { time: ago(20), resources: [serviceArnOf(tenantId)] }),
      );
    const done = await run("tenant dev acme --json");
    expect(lineOf(done, "Dead letters")).to.equal("pass: 1 of 2");
    expect(verdictOf(done)).to.deep.include({ next: "npm run ops -- dlq replay dev --filter tenant=acme" });
    expect(tenants.queue.visible).to.equal(2);
  });

  it("does not say that there is no dead letter while another command holds them", async () => {
    tenants.ecs.add(service);
    await happens("SERVICE_STEADY_STATE", 50);
    tenants.queue.send(
      serviceAction("SERVICE_TASK_START_IMPAIRED", { time: ago(20), resources: [serviceArnOf("acme")] }),
    );
    await tenants.queue.act("ReceiveMessage", { MaxNumberOfMessages: 1, VisibilityTimeout: 120 });
    const done = await run("tenant dev acme --json");
    expect(done.exitCode).to.equal(3);
    expect(lineOf(done, "Dead letters")).to.equal(
      "inconclusive: 0 of 0; 1 in flight: another command reads them, or one that was killed did; try again within 2 min",
    );
  });

  it("knows a status that another service has set, and finds a second service by the directory", async () => {
    tenants.ecs.add(service, { name: "shop", tenantId: "acme" });
    await happens("SERVICE_STEADY_STATE", 50);
    await tenants.table.put({ ...(await tenants.table.get({ tenant_id: "acme" })), status: "SUSPENDED" });
    const kept = await run("tenant dev acme --json");
    expect(lineOf(kept, "Row of acme")).to.match(
      /^pass: SUSPENDED, .*set by another service; ECS's events say ACTIVE/,
    );
    expect(lineOf(kept, "Row and ECS")).to.equal("pass: rightly differ");
    const arn = serviceArnOf("acme").replace("tenant-acme-wordpress", "shop");
    await tenants.directory.put({
      service_arn: arn,
      tenant_id: "acme",
      environment: "dev",
      learned_at: ago(60),
    });
    const contested = await run("tenant dev acme --json");
    expect(contested.exitCode).to.equal(1);
    expect(verdictOf(contested)["message"]).to.match(/^2 services claim the tenant: .*shop/);
  });

  it("suggests ids like it where there is no row", async () => {
    const done = await run("tenant dev acne --json");
    expect(done.exitCode).to.equal(1);
    expect(verdictOf(done)).to.include({ hint: "Did you mean acme?" });
  });

  it("says which part of AWS is away, and shows the rest", async () => {
    tenants.ecs.add(service);
    await happens("SERVICE_STEADY_STATE", 50);
    tenants.ecs.beforeAnswer = () => {
      throw new ServiceError("AccessDeniedException", "no ecs for you");
    };
    const done = await run("tenant dev acme --json");
    expect(done.exitCode).to.equal(1);
    expect(lineOf(done, "Services")).to.equal("fail: access denied: no ecs for you");
    expect(lineOf(done, "Row of acme")).to.match(/^pass: ACTIVE/);
    expect(verdictOf(done)["message"]).to.include("ECS cannot be asked");
  });
});
