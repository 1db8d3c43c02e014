import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { systemClock } from "../../../checklist/clock.ts";
import { serviceAction, serviceArnOf } from "../../handler/events.ts";
import { destinationRecord } from "../dead-letter-samples.ts";
import { healthyDev, identityIn } from "../healthy-dev.ts";
import { findAuditViolations } from "../json-schemas.ts";
import { type LocalTenants, startLocalTenants } from "../local-tenants.ts";
import { run } from "../run.ts";

/** Each run of a test with --audit is held against the schema: see run.ts. Here are commands of each kind, and of each end. */
describe("a line of an audit file", () => {
  let tenants: LocalTenants;
  let folder: string;
  let file: string;
  beforeEach(async () => {
    tenants = await startLocalTenants(new Date());
    folder = mkdtempSync(join(tmpdir(), "audit-"));
    file = join(folder, "audit.jsonl");
    for (const tenantId of ["acme", "globex"]) {
      await tenants.table.put({ tenant_id: tenantId, status: "PROVISIONING" });
      tenants.ecs.add({ name: `tenant-${tenantId}-wordpress`, tenantId });
    }
  });
  afterEach(async () => {
    await tenants.close();
    rmSync(folder, { recursive: true });
  });

  type AuditLine = Readonly<Record<string, unknown>>;

  const audited = async (
    commandLine: string,
    signal = new AbortController().signal,
  ): Promise<AuditLine[]> => {
    await tenants.run(`${commandLine} --audit ${file}`, { clock: systemClock, signal });
    return lines();
  };
  const lines = (): AuditLine[] =>
    readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as AuditLine);
  /** Of each line what it is: of a change its outcome or message, of a run its exit code. */
  const told = (audit: readonly AuditLine[]): readonly unknown[] =>
    audit.map(({ kind, outcome, message, exitCode }) =>
      kind === "run" ? { exitCode } : { [String(kind)]: outcome ?? message },
    );
  const park = (): void => {
    for (const tenantId of ["acme", "globex"])
      tenants.queue.send(
        destinationRecord(serviceAction("SERVICE_STEADY_STATE", { resources: [serviceArnOf(tenantId)] })),
      );
    tenants.queue.send("no event");
  };

  it("is as docs/schemas says after dlq replay and dlq discard", async () => {
    park();
    expect(told(await audited("dlq replay dev --apply --reason again"))).to.have.deep.members([
      { change: "poison" },
      { change: "success" },
      { change: "success" },
      { exitCode: 0 },
    ]);
    const discarded = await audited(
      `dlq discard dev --filter kind=poison --apply --reason forged --save ${join(folder, "kept")}`,
    );
    expect(told(discarded.slice(4))).to.deep.equal([{ change: "discarded" }, { exitCode: 0 }]);
    expect(discarded[4]).to.include({ messageKind: "poison", reason: "forged" });
  });

  it("is as docs/schemas says after reconcile, forget-future and invoke", async () => {
    expect(told(await audited("reconcile dev --apply"))).to.deep.equal([
      { change: "repaired" },
      { change: "repaired" },
      { exitCode: 0 },
    ]);
    await tenants.table.put({
      tenant_id: "acme",
      status: "FAILED",
      ecs_status: "FAILED",
      events: { SERVICE_TASK_START_IMPAIRED: { at: "2098-01-01T00:00:00Z", id: "forged" } },
    });
    const forgotten = await audited("forget-future dev --tenant acme --reason forged --apply");
    expect(told(forgotten.slice(3))).to.deep.equal([
      { change: "Events of the future removed from the row of acme" },
      { exitCode: 0 },
    ]);
    const event = join(folder, "event.json");
    writeFileSync(event, JSON.stringify(serviceAction("SERVICE_STEADY_STATE")));
    const sent = await audited(`invoke dev --event ${event} --reason trial`);
    expect(told(sent.slice(5))).to.deep.equal([{ change: "Event sent by hand" }, { exitCode: 0 }]);
  });

  it("is as docs/schemas says when the command is interrupted", async () => {
    const interruption = new AbortController();
    tenants.beforeHandler = () => {
      interruption.abort();
      return Promise.resolve();
    };
    const audit = await audited("reconcile dev --apply --concurrency 1", interruption.signal);
    expect(told(audit)).to.deep.equal([{ change: "repaired" }, { change: "unprocessed" }, { exitCode: 3 }]);
    expect(audit.at(-1)).to.include({ interrupted: true, changes: 2 });
  });

  it("is as docs/schemas says when the command is refused: the account is another, the tenant unknown", async () => {
    await run(`reconcile dev --apply --audit ${file}`, { answers: { ...healthyDev(), ...identityIn("1") } });
    expect(told(lines())).to.deep.equal([{ exitCode: 1 }]);
    expect(told(await audited("history dev acmee"))).to.deep.equal([{ exitCode: 1 }, { exitCode: 2 }]);
    expect(lines()[1]).to.include({ outcome: "mistake", changes: 0 });
  });

  it("may have nothing that the schema does not name", async () => {
    const [change, run_] = (await audited("reconcile dev --tenant acme --apply")).map((line) => ({
      ...line,
    }));
    for (const line of [change, run_]) {
      expect(findAuditViolations(line)).to.equal(undefined);
      expect(findAuditViolations({ ...line, more: 1 })).to.match(/additional properties .*"more"/);
      expect(findAuditViolations({ ...line, timestamp: "yesterday" })).to.match(/must match pattern/);
    }
  });
});
