import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { serviceAction, serviceArnOf } from "../../handler/events.ts";
import { readPage } from "../../page/read-page.ts";
import { type LocalTenants, startLocalTenants } from "../local-tenants.ts";
import { identityIn } from "../healthy-dev.ts";
import { reportOf } from "../report-of.ts";
import { createTerminal, run as runRecorded } from "../run.ts";
import { awsError } from "../recorded-aws.ts";

/** So many minutes ago: by the Date header of the database, it is now. */
const ago = (minutes: number): string =>
  new Date(Date.now() - minutes * 60_000).toISOString().replace(/\.\d+Z$/, "Z");

/** The command whole, over a real table that the handler's own parts have written. */
describe("ops tenants", () => {
  let tenants: LocalTenants;
  before(async () => {
    tenants = await startLocalTenants(new Date());
    const happened = async (tenantId: string, name: string, time: string): Promise<void> => {
      await tenants.handler(serviceAction(name, { time, resources: [serviceArnOf(tenantId)] }));
    };
    for (const tenantId of ["acme", "globex", "initech", "umbrella"])
      await tenants.table.put({ tenant_id: tenantId });
    await happened("acme", "SERVICE_STEADY_STATE", ago(50 * 60 + 1));
    await happened("globex", "SERVICE_TASK_START_IMPAIRED", ago(31));
    await happened("initech", "SERVICE_STEADY_STATE", ago(9 * 60 + 1));
    // Another service suspends it.
    await tenants.table.put({ ...(await tenants.table.get({ tenant_id: "initech" })), status: "SUSPENDED" });
    await tenants.table.put({ tenant_id: "hooli", status: "FAILED", events: "no map" });
  });
  after(() => tenants.close());

  const idsOf = async (commandLine: string): Promise<readonly string[]> => {
    const done = await tenants.run(`${commandLine} --json`);
    expect(done.exitCode, done.stdout).to.equal(0);
    const { tenants: listed } = reportOf(done).result as { tenants: { tenantId: string }[] };
    return listed.map(({ tenantId }) => tenantId);
  };

  it("counts the statuses first, then lists each tenant, since when, and what ECS says where that differs", async () => {
    const { exitCode, stdout } = await tenants.run("tenants dev");
    expect(exitCode).to.equal(0);
    expect(stdout).to.include(
      "\n5 tenants: 1 (none), 1 (unreadable), 1 ACTIVE, 1 FAILED, 1 SUSPENDED\n\nTENANT ",
    );
    expect(stdout).to.match(/^acme +ACTIVE +\S+Z +2 d$/m);
    expect(stdout).to.match(/^globex +FAILED +\S+Z +3\d min$/m);
    expect(stdout).to.match(/^initech +SUSPENDED +\S+Z +(?:9|10) h(?: \d+ min)? +ACTIVE$/m);
    expect(stdout).to.match(/^hooli +\(unreadable\) +\/events must be object$/m);
    expect(stdout).to.match(/^umbrella +\(none\)$/m);
  });

  it("lists those of some statuses, in any case", async () => {
    expect(await idsOf("tenants dev --status failed,SUSPENDED")).to.deep.equal(["globex", "initech"]);
    expect(await idsOf("tenants dev --status (none)")).to.deep.equal(["umbrella"]);
    expect(await idsOf("tenants dev --status ROLLING_BACK")).to.deep.equal([]);
  });

  it("lists those that have changed of late, the last first", async () => {
    expect(await idsOf("tenants dev --since 24h --sort since")).to.deep.equal(["globex", "initech"]);
    expect(await idsOf("tenants dev --since 1h")).to.deep.equal(["globex"]);
    expect((await idsOf("tenants dev --sort status"))[0]).to.equal("umbrella");
  });

  it("has pages, and says so", async () => {
    const first = await tenants.run("tenants dev --limit 2");
    expect(first.stdout)
      .to.match(/^acme /m)
      .and.not.match(/^hooli /m);
    expect(first.stdout).to.include("Page 1 of 3: 2 of 5 tenants. Others: --page");
    expect((await tenants.run("tenants dev --limit 2 --page 3")).stdout).to.match(/^umbrella /m);
    expect(await idsOf("tenants dev --limit 2"), "machines get all").to.have.lengthOf(5);
  });

  it("fits the terminal's width and colours the statuses, unless it is told not to", async () => {
    const narrow = createTerminal();
    narrow.stream.columns = 60;
    const draw = (color: boolean) =>
      tenants.run("tenants dev", {
        stdout: narrow.stream,
        color,
        terminal: { stdout: narrow.stream, stderr: narrow.stream },
      });
    await draw(false);
    const table = (): string => narrow.drawn().slice(narrow.drawn().lastIndexOf("TENANT"));
    expect(table()).not.to.include("\u001b");
    for (const line of table().split("\n")) expect(line.length, line).to.be.at.most(60);
    expect(table(), "a long text goes on below, in its column").to.match(
      /^hooli +\(unreadable\) +\/events must\n +be object\n/m,
    );
    expect(table(), "since when is whole; for how long, which follows from it, is left out").to.match(
      /^TENANT +STATUS +SINCE +ECS SAYS\n[^]*^acme +ACTIVE +\d{4}-\S+Z$[^]*\(no room for FOR\)$/m,
    );
    await draw(true);
    expect(table()).to.include("\u001b[31mFAILED\u001b[39m");
    for (const line of table().split("\n"))
      expect(stripVTControlCharacters(line).length, line).to.be.at.most(60);
  });

  const drawingOn = ({ stream }: ReturnType<typeof createTerminal>) => ({
    stdout: stream,
    terminal: { stdout: stream, stderr: stream },
  });
  const drawnOn = ({ drawn }: ReturnType<typeof createTerminal>): string => stripVTControlCharacters(drawn());

  describe("with --watch", () => {
    /** Watches until the second look after the change. */
    const watch = async (commandLine: string, terminal?: ReturnType<typeof createTerminal>) => {
      const interruption = new AbortController();
      let waits = 0;
      const done = await tenants.run(commandLine, {
        signal: interruption.signal,
        ...(terminal && drawingOn(terminal)),
        clock: {
          now: () => new Date(),
          wait: async () => {
            waits++;
            if (waits === 2)
              await tenants.handler(
                serviceAction("SERVICE_STEADY_STATE", {
                  time: ago(1),
                  resources: [serviceArnOf("globex")],
                }),
              );
            // Each look is drawn before the next.
            while (terminal !== undefined && waits < 2 && !/globex +FAILED/.test(drawnOn(terminal)))
              await once(terminal.stream, "data");
            if (waits === 4) {
              interruption.abort();
              interruption.signal.throwIfAborted();
            }
          },
        },
      });
      return done;
    };

    beforeEach(async () => {
      await tenants.table.put({ tenant_id: "globex" });
      await tenants.handler(
        serviceAction("SERVICE_TASK_START_IMPAIRED", {
          time: ago(30),
          resources: [serviceArnOf("globex")],
        }),
      );
    });

    it("shows each change once, until it is interrupted", async () => {
      const { exitCode, stdout } = await watch("tenants dev --watch");
      expect(exitCode).to.equal(3);
      expect(stdout.match(/1 FAILED/g)).to.have.lengthOf(1);
      // And once more as the result.
      expect(stdout.match(/2 ACTIVE/g)).to.have.lengthOf(2);
    });

    it("draws a list that lives on a terminal", async () => {
      const terminal = createTerminal();
      await watch("tenants dev --watch", terminal);
      expect(drawnOn(terminal)).to.match(/globex +FAILED[^]*globex +ACTIVE/);
    });

    it("tells machines the last look", async () => {
      const { counts } = reportOf(await watch("tenants dev --watch --json")).result as { counts: object };
      expect(counts).to.include({ ACTIVE: 2 }).and.not.to.have.property("FAILED");
    });
  });

  it("writes a page of those that are listed, each with the events that it remembers", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tenants-"));
    const file = join(folder, "page.html");
    expect(await idsOf(`tenants dev --status failed,suspended,(unreadable) --html ${file}`)).to.have.lengthOf(
      3,
    );
    const { title, tenants: shown } = readPage(await readFile(file, "utf8"));
    expect(title).to.equal("Tenants of dev");
    expect(shown.map(({ id, status, note, events }) => [id, status, note, events.length])).to.deep.equal([
      ["globex", "FAILED", undefined, 1],
      ["hooli", "(unreadable)", "The handler cannot read it: /events must be object", 0],
      ["initech", "SUSPENDED", "Set by another service; ECS's events say ACTIVE", 1],
    ]);
    expect(shown[0]?.events[0]).to.include({
      name: "SERVICE_TASK_START_IMPAIRED",
      status: "FAILED",
      effect: "set it",
    });
    await rm(folder, { recursive: true });
    const both = await tenants.run(`tenants dev --watch --html ${file}`);
    expect(both.exitCode).to.equal(2);
    expect(both.stderr).to.include("--html is a picture of one look");
  });

  it("says in one line what it cannot do", async () => {
    const without = await runRecorded("tenants dev", {
      answers: {
        ...identityIn("536580886816"),
        ScanCommand: () => {
          throw awsError("AccessDeniedException", "not authorized");
        },
      },
    });
    expect(without.exitCode).to.equal(1);
    expect(without.stdout).to.match(/^FAIL +Rows of bbws-tenants-dev: access denied: not authorized$/m);
    for (const [options, complaint] of [
      ["--status ,", "Name statuses"],
      ["--sort size", "Allowed choices are tenant, status, since"],
      ["--since yesterday", "It must be a duration"],
    ] as const) {
      const { exitCode, stderr } = await tenants.run(`tenants dev ${options}`);
      expect(exitCode).to.equal(2);
      expect(stderr).to.include(complaint);
    }
  });
});
