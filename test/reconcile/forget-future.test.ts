import { expect } from "chai";
import type { NamedOccurrence } from "../../handler/event-memory.ts";
import { writeMemory } from "../../handler/memory-attribute.ts";
import type { StoredRow } from "../../handler/tenant-row.ts";
import { foldMemory } from "../../handler/tenant-state.ts";
import { transitionTable as table } from "../../handler/transition-table.ts";
import { curedRowUpdate, forgetFuture, futureEvents } from "../../reconcile/forget-future.ts";

const NOW = new Date("2026-03-01T11:00:00.500Z");
const steady: NamedOccurrence = { name: "SERVICE_STEADY_STATE", at: "2026-03-01T10:00:00Z", id: "e1" };
const forged: NamedOccurrence = { name: "SERVICE_DELETED", at: "2098-01-01T00:00:00Z", id: "forged" };

const rowOf = (events: readonly NamedOccurrence[], status: string | undefined): StoredRow => ({
  status,
  ecsStatus: "DEPROVISIONED",
  serviceArn: "arn:s",
  events,
  revision: 7,
  memoryAttribute: writeMemory(events, table),
  statusSince: {},
  lastEventId: "forged",
  updatedAt: "then",
});

describe("a row without its events of the future", () => {
  it("has those that are further ahead than clocks differ among them", () => {
    const at = (time: string): NamedOccurrence => ({ ...steady, at: time });
    const near = at("2026-03-01T11:05:00Z");
    const far = at("2026-03-01T11:05:01Z");
    expect(futureEvents([near, far, steady], NOW)).to.deep.equal([far]);
  });

  it("has the status that is left, unless another service has set it", () => {
    const cured = forgetFuture(rowOf([steady, forged], "DEPROVISIONED"), NOW, table);
    const state = foldMemory([steady], table);
    expect(cured).to.deep.equal({ forgotten: [forged], events: [steady], state, status: "ACTIVE" });
    expect(forgetFuture(rowOf([steady, forged], "SUSPENDED"), NOW, table).status).to.equal("SUSPENDED");
    expect(forgetFuture(rowOf([steady, forged], undefined), NOW, table).status).to.equal(undefined);
    expect(forgetFuture(rowOf([forged], "DEPROVISIONED"), NOW, table)).to.deep.equal({
      forgotten: [forged],
      events: [],
      state: undefined,
      status: "DEPROVISIONED",
    });
  });

  /** What the write makes of each attribute, and of which values it depends. */
  const updateOf = (row: StoredRow) => {
    const address = {
      tenantId: "acme",
      tableName: "tenants",
      key: { id: "acme" },
      statusAttribute: "status",
    };
    const update = curedRowUpdate(address, row, forgetFuture(row, NOW, table), table, NOW);
    const plain = (text = ""): string =>
      text
        .replaceAll(/#n\d+/g, (name) => update.ExpressionAttributeNames?.[name] ?? name)
        .replaceAll(/:v\d+/g, (value) => JSON.stringify(update.ExpressionAttributeValues?.[value]));
    return { update: plain(update.UpdateExpression), condition: plain(update.ConditionExpression) };
  };

  it("is written with what the rest of its memory says, as long as nobody else has written it", () => {
    const { update, condition } = updateOf(rowOf([steady, forged], "DEPROVISIONED"));
    expect(update)
      .to.include('status = {"S":"ACTIVE"}')
      .and.include('ecs_status = {"S":"ACTIVE"}')
      .and.include('status_at = {"S":"2026-03-01T10:00:00Z"}')
      .and.include('status_since = {"M":{"ACTIVE":{"S":"2026-03-01T10:00:00Z"}}}')
      .and.include('updated_at = {"S":"2026-03-01T11:00:00.500Z"}')
      .and.include('revision = {"N":"8"}')
      .and.match(/REMOVE .*events\.SERVICE_DELETED/)
      .and.match(/REMOVE .*deployment_id/)
      .and.not.include("service_arn");
    expect(condition).to.include('revision = {"N":"7"}').and.include('status = {"S":"DEPROVISIONED"}');
  });

  it("keeps its status where nothing is left, and says nothing of since when", () => {
    const { update } = updateOf(rowOf([forged], "DEPROVISIONED"));
    expect(update)
      .to.include('status = {"S":"DEPROVISIONED"}')
      .and.include('status_since = {"M":{}}')
      .and.match(/REMOVE .*status_at/)
      .and.match(/REMOVE .*last_event/)
      .and.not.include("ecs_status");
    expect(updateOf({ ...rowOf([forged], undefined), revision: undefined }).update)
      .to.include('revision = {"N":"1"}')
      .and.not.match(/\bstatus = /);
    expect(updateOf(rowOf([steady, forged], "SUSPENDED")).update)
      .to.include('status = {"S":"SUSPENDED"}')
      .and.include('status_since = {"M":{}}');
  });
});
