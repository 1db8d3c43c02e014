import { expect } from "chai";
import { transitionTable as table } from "../../handler/transition-table.ts";
import { Counter, type FleetFinding } from "../../reconcile/fleet-finding.ts";
import { eventSeenAs } from "../../reconcile/seen-event.ts";

describe("the findings of a look at the fleet", () => {
  const problem = { serviceArn: "arn", why: "" };
  const tenant = { tenantId: "acme", why: "" };
  const verdict = {
    rule: eventSeenAs("steady", table),
    says: "",
    since: undefined,
    unsettledSince: undefined,
    deploymentId: undefined,
  };
  const observation = { tenantId: "acme", serviceArn: "arn", at: "", verdict };
  const drift = { tenantId: "acme", rowSays: "", rowSince: undefined, observation, events: [] };
  const one: FleetFinding[] = [
    { kind: "service", serviceArn: "arn" },
    { kind: "tenant_service", serviceArn: "arn", tenantId: "acme", at: "" },
    { kind: "service_without_tenant", ...problem },
    { kind: "unanswered", services: 7, ...problem },
    { kind: "row", tenantId: "acme" },
    { kind: "agrees", tenantId: "acme" },
    { kind: "kept", tenantId: "acme" },
    { kind: "drift", drift },
    { kind: "without_service", ...tenant, isLost: true },
    { kind: "without_service", ...tenant, isLost: false },
    { kind: "contested", tenantId: "acme", rowSays: "", serviceArns: [] },
    { kind: "malformed", ...tenant },
    { kind: "ahead", ...tenant },
  ];

  it("are counted by kind: of services that ECS did not describe, how many", () => {
    const counter = new Counter();
    const none = {
      service: 0,
      tenant_service: 0,
      service_without_tenant: 0,
      unanswered: 0,
      row: 0,
      agrees: 0,
      kept: 0,
      drift: 0,
      lost: 0,
      unborn: 0,
      contested: 0,
      malformed: 0,
      ahead: 0,
    };
    const before = counter.tally;
    expect(before).to.deep.equal(none);
    for (const finding of one) counter.add(finding);
    const once = Object.fromEntries(Object.keys(none).map((kind) => [kind, kind === "unanswered" ? 7 : 1]));
    expect(counter.tally).to.deep.equal(once);
    counter.add({ kind: "without_service", ...tenant, isLost: false });
    expect(counter.tally).to.deep.equal({ ...once, unborn: 2 });
    expect(before, "a tally does not change").to.deep.equal(none);
  });
});
