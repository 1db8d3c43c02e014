import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { bundledProgram } from "../bundled-program.ts";
import { serviceAction, serviceArnOf } from "../handler/events.ts";
import { CTRL_C, itOnTerminal, startOnTerminal, type Terminal } from "../terminal.ts";
import { destinationRecord } from "./dead-letter-samples.ts";
import { findAuditViolations } from "./json-schemas.ts";
import { type LocalTenants, startLocalTenants } from "./local-tenants.ts";

const TENANTS = ["acme", "globex", "hooli", "initech", "umbrella"];
const SECOND = 2;
const UNPROCESSED = ["unprocessed", "unprocessed", "unprocessed"];
const twice = (outcome: string): readonly string[] => [outcome, outcome];
const SHOW_CURSOR = "\u001b[?25h";

/** The real program on a terminal of its own, over HTTP, the handler's own parts behind the alias; Ctrl-C while the second is under way. */
describe("Ctrl-C on a terminal while a command changes something", function () {
  this.timeout(60_000);
  let tenants: LocalTenants;
  let folder: string;
  let terminal: Terminal | undefined;
  beforeEach(async () => {
    tenants = await startLocalTenants(new Date());
    folder = await mkdtemp(join(tmpdir(), "interrupted-"));
    terminal = undefined;
    for (const tenantId of TENANTS) {
      await tenants.table.put({ tenant_id: tenantId, status: "PROVISIONING" });
      tenants.ecs.add({ name: `tenant-${tenantId}-wordpress`, tenantId });
      tenants.queue.send(
        destinationRecord(serviceAction("SERVICE_STEADY_STATE", { resources: [serviceArnOf(tenantId)] })),
      );
    }
  });
  afterEach(async () => {
    await tenants.close();
    await rm(folder, { recursive: true });
  });

  const audit = (): string => join(folder, "audit.jsonl");
  const run = async (words: string): Promise<{ readonly exitCode: unknown; readonly shown: string }> => {
    terminal = startOnTerminal(
      [process.execPath, await bundledProgram("ops/main.ts"), ...words.split(" "), "--audit", audit()],
      { AWS_ENDPOINT_URL: tenants.endpoint, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
    );
    const { exitCode, shown } = await terminal.ended;
    expect(shown.lastIndexOf(SHOW_CURSOR), "the cursor is back").to.be.greaterThan(-1);
    return { exitCode, shown: stripVTControlCharacters(shown).replaceAll(/\s+/g, " ") };
  };
  let reached = 0;
  beforeEach(() => {
    reached = 0;
  });
  /** Presses the keys when the second is under way, and goes on once the program has heard of it. */
  const pressAtTheSecond = async (): Promise<void> => {
    if (++reached !== SECOND) return;
    terminal?.type(CTRL_C);
    await terminal?.shows("^C");
    await wait(500);
  };
  /** What became of each, as the audit file tells; its last line is that of the command. */
  const audited = async (): Promise<{ readonly outcomes: readonly unknown[]; readonly run: object }> => {
    const lines = (await readFile(audit(), "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    for (const line of lines) expect(findAuditViolations(line)).to.equal(undefined);
    const changes = lines.slice(0, -1);
    expect(changes.map(({ kind }) => kind)).to.deep.equal(changes.map(() => "change"));
    return { outcomes: changes.map(({ outcome }) => outcome), run: lines.at(-1) ?? {} };
  };
  const INTERRUPTED = { kind: "run", interrupted: true, exitCode: 3, outcome: "inconclusive", changes: 5 };
  const statuses = async (): Promise<Readonly<Record<string, number>>> => {
    const counts: Record<string, number> = {};
    for (const tenant_id of TENANTS) {
      const status = String((await tenants.table.get({ tenant_id }))?.["status"]);
      counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
  };

  itOnTerminal("lets reconcile --apply finish the tenant at hand, and say who was not come to", async () => {
    tenants.beforeHandler = pressAtTheSecond;
    const { exitCode, shown } = await run("reconcile dev --apply --concurrency 1");
    expect(exitCode, shown).to.equal(3);
    expect(shown)
      .to.match(/reconcile dev: INTERRUPTED\./)
      .and.match(/2 repaired, 3 unprocessed/);
    expect(await statuses()).to.deep.equal({ ACTIVE: 2, PROVISIONING: 3 });
    const { outcomes, run: ended } = await audited();
    expect(outcomes).to.have.members([...twice("repaired"), ...UNPROCESSED]);
    expect(ended).to.include(INTERRUPTED);
  });

  itOnTerminal(
    "lets dlq replay finish the event at hand; the others are back in the queue, and none is lost",
    async () => {
      tenants.beforeHandler = pressAtTheSecond;
      const { exitCode, shown } = await run("dlq replay dev --apply --concurrency 1");
      expect(exitCode, shown).to.equal(3);
      expect(shown)
        .to.match(/dlq replay dev: INTERRUPTED\./)
        .and.match(/2 success, 3 unprocessed/);
      expect(shown).to.include("3 messages are back in the queue");
      expect(await statuses()).to.deep.equal({ ACTIVE: 2, PROVISIONING: 3 });
      expect(tenants.queue.ids).to.have.length(3);
      expect(tenants.queue.visible, "for others to see").to.equal(3);
      const { outcomes, run: ended } = await audited();
      expect(outcomes).to.have.members([...twice("success"), ...UNPROCESSED]);
      expect(ended).to.include(INTERRUPTED);
    },
  );

  itOnTerminal(
    "lets dlq discard finish the message at hand; the others are back in the queue, and what was deleted is in the file",
    async () => {
      const { ids } = tenants.queue;
      const file = join(folder, "discarded.jsonl");
      tenants.queue.beforeDelete = pressAtTheSecond;
      const { exitCode, shown } = await run(
        `dlq discard dev --filter kind=retryable --apply --reason old --save ${file}`,
      );
      expect(exitCode, shown).to.equal(3);
      expect(shown)
        .to.match(/dlq discard dev: INTERRUPTED\./)
        .and.match(/2 discarded, 3 unprocessed/)
        .and.not.include("5/5 discarded");
      expect(tenants.queue.ids).to.have.length(3);
      expect(tenants.queue.visible, "for others to see").to.equal(3);
      const saved = (await readFile(file, "utf8")).trimEnd().split("\n");
      const savedIds = saved.map((line) => (JSON.parse(line) as { messageId: string }).messageId);
      expect(savedIds).to.include.members(ids.filter((id) => !tenants.queue.ids.includes(id)));
      const { outcomes, run: ended } = await audited();
      expect(outcomes).to.have.members([...twice("discarded"), ...UNPROCESSED]);
      expect(ended).to.include(INTERRUPTED);
    },
  );
});
