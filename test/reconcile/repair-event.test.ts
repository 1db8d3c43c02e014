import { expect } from "chai";
import { parseEcsEvent } from "../../handler/ecs-event.ts";
import { readTenantTags } from "../../handler/tenant-tags.ts";
import { transitionTable as table } from "../../handler/transition-table.ts";
import { repairEvent } from "../../reconcile/repair-event.ts";
import { eventSeenAs } from "../../reconcile/seen-event.ts";

describe("the event that repairs a row", () => {
  const serviceArn = "arn:aws:ecs:af-south-1:536580886816:service/bbws-cluster-dev/tenant-acme-wordpress";
  const clusterArn = "arn:aws:ecs:af-south-1:536580886816:cluster/bbws-cluster-dev";
  const steady = eventSeenAs("steady", table);
  const deploying = eventSeenAs("deploying", table);
  const at = "2026-03-03T21:00:06Z";
  const verdict = {
    rule: steady,
    says: "steady, 1 of 1 tasks running",
    since: undefined,
    unsettledSince: undefined,
    deploymentId: "ecs-svc/1",
  };
  const eventOf = (rule: typeof steady) =>
    repairEvent({ tenantId: "acme", serviceArn, at, verdict }, rule, "e1", {
      environment: "dev",
      accountId: "536580886816",
      region: "af-south-1",
      clusterArn,
      seenBy: "ops reconcile",
      source: "operator jo",
    });

  it("is one that the handler reads as ECS's, with the tags of the tenant and who sent it", () => {
    const { tags, ...event } = parseEcsEvent(eventOf(steady));
    expect(event).to.deep.equal({
      id: "e1",
      at,
      eventName: steady.name,
      reason: "Seen by ops reconcile: steady, 1 of 1 tasks running",
      deploymentId: undefined,
      source: "operator jo",
      serviceArn,
      clusterArns: [clusterArn, clusterArn],
    });
    expect(readTenantTags(tags ?? [])).to.deep.equal({ tenantId: "acme", environment: "dev" });
    expect(eventOf(steady)).to.deep.include({
      version: "0",
      "detail-type": "ECS Service Action",
      source: "aws.ecs",
      account: "536580886816",
      region: "af-south-1",
    });
    expect(eventOf(steady)["detail"]).to.include({ eventType: "INFO", createdAt: at });
  });

  it("names the deployment only where it starts one", () => {
    expect(parseEcsEvent(eventOf(deploying))).to.include({ deploymentId: "ecs-svc/1" });
  });
});
