import { expect } from "chai";
import { systemClock } from "../../../checklist/clock.ts";
import { serviceAction, serviceArnOf } from "../../handler/events.ts";
import { destinationRecord } from "../dead-letter-samples.ts";
import { type LocalTenants, startLocalTenants } from "../local-tenants.ts";
import { reportOf } from "../report-of.ts";
import { createTerminal } from "../run.ts";

/** An option that filters by a name: one that nothing has is a mistake, and no empty list. */
describe("a name that there is not", () => {
  let tenants: LocalTenants;
  beforeEach(async () => {
    tenants = await startLocalTenants(new Date());
    await tenants.table.put({ tenant_id: "acme", status: "ACTIVE" });
    // Some other service has a status of its own.
    await tenants.table.put({ tenant_id: "globex", status: "QUARANTINED" });
    for (const tenantId of ["acme", "globex"])
      tenants.queue.send(
        destinationRecord(serviceAction("SERVICE_STEADY_STATE", { resources: [serviceArnOf(tenantId)] })),
      );
  });
  afterEach(() => tenants.close());

  /** What the command says of the mistake; the queue, the rows and the alias are as they were. */
  const mistakeOf = async (commandLine: string): Promise<string> => {
    const done = await tenants.run(`${commandLine} --json`, { clock: systemClock });
    expect(done.exitCode, done.stdout).to.equal(2);
    const { outcome, exitCode, checks } = reportOf(done);
    expect({ outcome, exitCode }).to.deep.equal({ outcome: "mistake", exitCode: 2 });
    expect(tenants.invoked).to.deep.equal([]);
    expect(tenants.queue.visible).to.equal(2);
    return checks
      .filter((check) => check.outcome === "mistake")
      .map(({ found, hint }) => `${found}. ${hint ?? ""}`)
      .join();
  };

  it("is a status that neither the table nor any row has", async () => {
    expect(await mistakeOf("tenants dev --status FAILD")).to.match(
      /^Unknown status "FAILD"\. Known: PROVISIONING, .*, SUSPENDED, .*\(unreadable\), .*QUARANTINED\. Did you mean FAILED\?$/,
    );
    expect(await mistakeOf("tenants dev --status ACTIVE,quarantine")).to.match(
      /^Unknown status "QUARANTINE".* Did you mean QUARANTINED\?$/,
    );
    for (const [status, found] of [
      ["quarantined", 1],
      ["SCALING", 0],
      ["suspended", 0],
      ["(none)", 0],
    ] as const) {
      const { exitCode, stdout } = await tenants.run(`tenants dev --status ${status}`);
      expect(exitCode, status).to.equal(0);
      expect(stdout).to.include(`${found} of 2 tenants`);
    }
  });

  it("is a page beyond the last", async () => {
    expect(await mistakeOf("tenants dev --limit 1 --page 3")).to.equal(
      "There is no page 3: there are 2 pages. ",
    );
    expect(await mistakeOf("tenants dev --status SCALING --page 2")).to.equal(
      "There is no page 2: there is 1 page. ",
    );
  });

  it("is a tenant that no row has, where nothing was found of it", async () => {
    const unknown = 'Unknown tenant "acmee": no row has that id. Did you mean acme?';
    for (const command of ["logs dev --tenant acmee", "history dev acmee", "reconcile dev --tenant acmee"])
      expect(await mistakeOf(command), command).to.equal(unknown);
    for (const command of ["logs dev --tenant acme", "history dev acme"])
      expect((await tenants.run(command)).exitCode, command).to.equal(0);
  });

  it("is no mistake where the log still has lines of it", async () => {
    tenants.log.push(JSON.stringify({ message: "Tenant unknown", tenantId: "initech", status: "ignored" }));
    expect((await tenants.run("logs dev --tenant initech")).stdout).to.include("1 lines since");
  });

  it("is an event or a tenant that no dead letter has, nor the table, nor a row: replay sends nothing", async () => {
    for (const command of ["peek dev", "replay dev --apply", "discard dev --apply --reason old"])
      for (const operator of ["=", "!="]) {
        expect(await mistakeOf(`dlq ${command} --filter event${operator}SERVICE_STEDY_STATE`)).to.match(
          /^Unknown event "SERVICE_STEDY_STATE"\. Known: .*\. Did you mean SERVICE_STEADY_STATE\?$/,
        );
        expect(await mistakeOf(`dlq ${command} --filter tenant${operator}globx`)).to.equal(
          'Unknown tenant "globx": no row has that id. Did you mean globex?',
        );
      }
    const of = (filter: string) => tenants.run(`dlq peek dev --filter ${filter}`, { clock: systemClock });
    for (const filter of ["event=SERVICE_DELETED", "tenant!=acme", "event=service_steady_state"])
      expect((await of(filter)).exitCode, filter).to.equal(0);
    tenants.queue.send(destinationRecord(serviceAction("SERVICE_UNHEARD_OF")));
    expect((await of("event=service_unheard_of")).stdout).to.include("1 messages read");
  });

  it("is said on a live list and in plain lines", async () => {
    const { stream, drawn } = createTerminal();
    const terminal = { stdout: stream, stderr: stream };
    await tenants.run("tenants dev --status FAILD", { stdout: stream, terminal });
    expect(drawn()).to.match(/Unknown status "FAILD"[^]*tenants dev: MISTAKE\. 1 passed, 1 not possible/);
    const { stdout } = await tenants.run("tenants dev --status FAILD");
    expect(stdout).to.match(/^MISTAKE +Rows of \S+: Unknown status "FAILD"/m);
  });
});
