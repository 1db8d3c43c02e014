import { expect } from "chai";
import { transitionTable as table } from "../../handler/transition-table.ts";
import type { Drift } from "../../reconcile/fleet-finding.ts";
import { type Repair, type RepairAnswer, repairDrifts, type SendRepair } from "../../reconcile/repair.ts";
import { eventSeenAs } from "../../reconcile/seen-event.ts";

const steady = eventSeenAs("steady", table);
const deploying = eventSeenAs("deploying", table);

const driftOf = (tenantId: string, more: Partial<Drift> = {}): Drift => ({
  tenantId,
  rowSays: "DEPROVISIONED",
  rowSince: undefined,
  observation: {
    tenantId,
    serviceArn: "arn",
    at: "2026-03-01T10:00:00Z",
    verdict: {
      rule: steady,
      says: "",
      since: undefined,
      unsettledSince: undefined,
      deploymentId: undefined,
    },
  },
  events: [deploying, steady],
  ...more,
});
const processed = (tenantStatus: string): RepairAnswer => ({ kind: "processed", tenantStatus });

describe("the repair of rows", () => {
  const repair = async (
    drifts: readonly Drift[],
    send: SendRepair,
    signal = new AbortController().signal,
  ) => {
    const audited: Repair[] = [];
    const repairs = await repairDrifts(drifts, {
      concurrency: 1,
      signal,
      send,
      audit: (one) => audited.push(one),
    });
    expect(audited, "each is recorded").to.deep.equal(repairs);
    return repairs;
  };

  it("sends the events in their order, each with an id of its own, and says what became of the row", async () => {
    const sent: [tenantId: string, event: string, id: string][] = [];
    const [repaired] = await repair([driftOf("acme")], ({ tenantId }, { name, status }, id) => {
      sent.push([tenantId, name, id]);
      return Promise.resolve(processed(status));
    });
    expect(sent.map(([tenantId, name]) => [tenantId, name])).to.deep.equal([
      ["acme", deploying.name],
      ["acme", steady.name],
    ]);
    const ids = sent.map(([, , id]) => id);
    expect(new Set(ids).size).to.equal(2);
    expect(repaired).to.deep.equal({
      tenantId: "acme",
      outcome: "repaired",
      detail: "DEPROVISIONED -> ACTIVE",
      eventIds: ids,
    });
  });

  it("says that the row had no status", async () => {
    const [repaired] = await repair([driftOf("acme", { rowSays: undefined })], () =>
      Promise.resolve(processed("ACTIVE")),
    );
    expect(repaired).to.include({ detail: "(none) -> ACTIVE" });
  });

  it("may be overtaken by an event that is newer", async () => {
    const [repaired] = await repair([driftOf("acme")], () => Promise.resolve(processed("FAILED")));
    expect(repaired).to.include({
      outcome: "overtaken",
      detail: "FAILED, by a newer event or another service",
    });
    expect(repaired?.eventIds).to.have.length(2);
    expect(
      await repair([driftOf("acme", { events: [] })], () => Promise.reject(new Error("not sent"))),
    ).to.deep.equal([
      {
        tenantId: "acme",
        outcome: "overtaken",
        detail: ", by a newer event or another service",
        eventIds: [],
      },
    ]);
  });

  it("ends for a tenant with the first event that fails, and goes on with the next tenant", async () => {
    const sent: string[] = [];
    const repairs = await repair([driftOf("acme"), driftOf("other")], ({ tenantId }, { name, status }) => {
      sent.push(`${tenantId} ${name}`);
      return Promise.resolve(
        tenantId === "acme" ? { kind: "failed", why: "access denied" } : processed(status),
      );
    });
    expect(sent).to.deep.equal([`acme ${deploying.name}`, `other ${deploying.name}`, `other ${steady.name}`]);
    expect(repairs[0]).to.include({ outcome: "failed", detail: `${deploying.name}: access denied` });
    expect(repairs[0]?.eventIds).to.have.length(1);
    expect(repairs[1]).to.include({ outcome: "repaired" });
  });

  it("finishes the tenant at hand when it is interrupted, and begins no other", async () => {
    const interruption = new AbortController();
    const send: SendRepair = (_, { status }) => {
      interruption.abort();
      return Promise.resolve(processed(status));
    };
    const repairs = await repair([driftOf("acme"), driftOf("other")], send, interruption.signal);
    expect(repairs[0]).to.include({ outcome: "repaired" });
    expect(repairs[1]).to.deep.equal({
      tenantId: "other",
      outcome: "unprocessed",
      detail: "interrupted",
      eventIds: [],
    });
  });
});
