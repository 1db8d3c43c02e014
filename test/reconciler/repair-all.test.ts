import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { transitionTable as table } from "../../handler/transition-table.ts";
import type { Drift } from "../../reconcile/fleet-finding.ts";
import { eventSeenAs } from "../../reconcile/seen-event.ts";
import { SpoolFolder } from "../../reconcile/spool.ts";
import { type SpooledDrift, writeDrift } from "../../reconcile/spooled-drift.ts";
import { repairAll } from "../../reconciler/repair-all.ts";

describe("the repairs of a run", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "repairs-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const rule = eventSeenAs("deleted", table);
  const driftOf = (tenantId: string): Drift => ({
    tenantId,
    rowSays: "ACTIVE",
    rowSince: undefined,
    observation: {
      tenantId,
      serviceArn: "arn",
      at: "2026-03-01T10:00:00Z",
      verdict: { rule, says: "", since: undefined, unsettledSince: undefined, deploymentId: undefined },
    },
    events: [rule],
  });

  it("end when time runs out: those under way are waited for, the rest is counted and left", async () => {
    const drifts = new SpoolFolder(folder).create<SpooledDrift>();
    for (let index = 0; index < 100; index++) drifts.add(`t${index}`, writeDrift(driftOf(`t${index}`)));
    const deadline = new AbortController();
    const audited: string[] = [];
    let sent = 0;
    const repairs = (startAt: number, signal: AbortSignal) =>
      repairAll(drifts, {
        table,
        send: (drift) => {
          expect(drift).to.deep.equal(driftOf(drift.tenantId));
          if (++sent === 20) deadline.abort();
          return Promise.resolve({ kind: "processed", tenantStatus: rule.status });
        },
        signal,
        startAt,
        audit: ({ tenantId }) => audited.push(tenantId),
      });
    const { counts, resumeAt = 0 } = await repairs(0, deadline.signal);
    expect(counts.repaired).to.equal(sent).and.be.within(20, 28);
    expect(counts).to.include({ overtaken: 0, failed: 0, unprocessed: 100 - sent });
    expect(new Set(audited).size).to.equal(sent);

    const before = [...audited];
    audited.length = 0;
    expect(await repairs(resumeAt, new AbortController().signal)).to.deep.equal({
      counts: { repaired: 100, overtaken: 0, failed: 0, unprocessed: 0 },
      resumeAt: undefined,
    });
    const again = before.map((tenantId) => audited.indexOf(tenantId));
    expect(Math.min(...again), "the next run: those that had their turn come last").to.be.at.least(75);
  });
});
