import { expect } from "chai";
import sinon from "sinon";
import { parseEcsEvent } from "../../handler/ecs-event.ts";
import { createEventNotes } from "../../handler/event-notes.ts";
import { createEventProcessor } from "../../handler/event-processor.ts";
import type { Answer } from "../../handler/answer.ts";
import type { Recorded, TenantStore } from "../../handler/tenant-store.ts";
import { transitionTable } from "../../handler/transition-table.ts";
import { CLUSTER_ARN, deploymentStateChange, serviceAction, serviceArnOf, tagsOf } from "./events.ts";

const recorded = (
  parts: Partial<Extract<Recorded, { kind: "recorded" }>>,
): Extract<Recorded, { kind: "recorded" }> => ({
  kind: "recorded",
  event: "SERVICE_STEADY_STATE",
  status: "ACTIVE",
  previousStatus: "PROVISIONING",
  changed: true,
  serviceArn: undefined,
  ...parts,
});

describe("event processor", () => {
  const lookUpTenant = sinon.stub<
    [string, boolean],
    Promise<{ tenantId?: string; environment?: string } | undefined>
  >();
  const record = sinon.stub<Parameters<TenantStore["record"]>, Promise<Recorded>>();
  const notes = createEventNotes();
  const process = (input: unknown): Promise<Answer> =>
    createEventProcessor({
      configuration: { environment: "dev", clusterArn: CLUSTER_ARN },
      table: transitionTable,
      notes,
      lookUpTenant,
      store: { record },
    })(parseEcsEvent(input), AbortSignal.timeout(20_000));

  beforeEach(() => {
    lookUpTenant.reset();
    lookUpTenant.resolves({ tenantId: "acme", environment: "dev" });
    record.reset();
    record.resolves(recorded({}));
    notes.take();
  });

  it("answers with what became of the tenant", async () => {
    expect(await process(serviceAction("SERVICE_STEADY_STATE"))).to.deep.equal({
      status: "success",
      tenantId: "acme",
      event: "SERVICE_STEADY_STATE",
      tenantStatus: "ACTIVE",
      previousStatus: "PROVISIONING",
      changed: true,
    });
  });

  it("says so when nothing changed, and when there was no status before", async () => {
    record.resolves(recorded({ previousStatus: "ACTIVE", changed: false }));
    expect(await process(serviceAction("SERVICE_STEADY_STATE"))).to.include({ changed: false });
    record.resolves(recorded({ previousStatus: undefined }));
    const answer = await process(serviceAction("SERVICE_STEADY_STATE"));
    expect(answer).to.include({ changed: true }).and.not.to.have.property("previousStatus");
  });

  it("records the event under its canonical name, with its deployment and service", async () => {
    const time = "2026-03-01T10:00:00Z";
    await process(deploymentStateChange("SERVICE_DEPLOYMENT_COMPLETED", "ecs-svc/7", { id: "e1", time }));
    const [tenantId, event] = record.firstCall.args;
    expect(tenantId).to.equal("acme");
    expect(event.rule.name).to.equal("DEPLOYMENT_COMPLETED");
    expect(event.occurrence).to.deep.equal({
      name: "DEPLOYMENT_COMPLETED",
      at: time,
      id: "e1",
      deploymentId: "ecs-svc/7",
      source: undefined,
    });
    expect(event.serviceArn).to.equal(serviceArnOf("acme"));
  });

  it("records who sent the event where that was not ECS", async () => {
    await process(serviceAction("SERVICE_STEADY_STATE", { detail: { source: "reconciler" } }));
    expect(record.firstCall.args[1].occurrence).to.include({ source: "reconciler" });
  });

  it("looks a service up, and says whether the event starts a deployment", async () => {
    await process(deploymentStateChange("SERVICE_DEPLOYMENT_IN_PROGRESS", "ecs-svc/7"));
    await process(serviceAction("SERVICE_STEADY_STATE"));
    expect(lookUpTenant.args).to.deep.equal([
      [serviceArnOf("acme"), true],
      [serviceArnOf("acme"), false],
    ]);
  });

  it("answers with what the event means on the row", async () => {
    record.resolves(recorded({ event: "DEPLOYMENT_ROLLBACK_COMPLETED" }));
    const answer = await process(deploymentStateChange("SERVICE_DEPLOYMENT_COMPLETED", "ecs-svc/7"));
    expect(answer).to.include({ event: "DEPLOYMENT_ROLLBACK_COMPLETED" });
  });

  it("notes that the row names another service", async () => {
    record.resolves(recorded({ serviceArn: serviceArnOf("acme") }));
    await process(serviceAction("SERVICE_STEADY_STATE"));
    expect(notes.take().texts).to.deep.equal([]);
    record.resolves(recorded({ serviceArn: serviceArnOf("other") }));
    await process(serviceAction("SERVICE_STEADY_STATE", { resources: [], detail: { tags: tagsOf("acme") } }));
    expect(notes.take().texts, "the event names none").to.deep.equal([]);
    await process(serviceAction("SERVICE_STEADY_STATE"));
    expect(notes.take()).to.deep.equal({
      counts: { ServiceConflicts: 1 },
      texts: [`ServiceConflicts: the row of acme names the service ${serviceArnOf("other")}`],
    });
    record.resolves({ kind: "duplicate", serviceArn: serviceArnOf("other") });
    await process(serviceAction("SERVICE_STEADY_STATE"));
    expect(notes.take().counts, "of a duplicate, too").to.deep.equal({ ServiceConflicts: 1 });
  });

  it("believes the service's tags, not those that come with the event, and notes that they differ", async () => {
    const detail = { tags: tagsOf("forged") };
    await process(serviceAction("SERVICE_DELETED", { detail }));
    expect(record.firstCall.args[0]).to.equal("acme");
    expect(notes.take()).to.deep.equal({
      counts: { TagContradictions: 1 },
      texts: ["TagContradictions: the event says tenant forged of dev, the service tenant acme of dev"],
    });
    await process(serviceAction("SERVICE_STEADY_STATE", { detail: { tags: tagsOf("acme") } }));
    expect(notes.take().texts).to.deep.equal([]);
    await process(serviceAction("SERVICE_STEADY_STATE", { detail: { tags: tagsOf("acme", "prod") } }));
    expect(notes.take().texts).to.deep.equal([
      "TagContradictions: the event says tenant acme of prod, the service tenant acme of dev",
    ]);
    await process(serviceAction("SERVICE_STEADY_STATE", { detail: { tags: [] } }));
    expect(notes.take().texts).to.deep.equal([
      "TagContradictions: the event says tenant none of none, the service tenant acme of dev",
    ]);
  });

  it("believes the event's tags of a service that ECS no longer knows only when it was deleted: the reconciler tells of it", async () => {
    lookUpTenant.resolves(undefined);
    for (const name of transitionTable.names.filter((other) => other !== "SERVICE_DELETED"))
      expect(await process(serviceAction(name, { detail: { tags: tagsOf("gone") } })), name).to.include({
        reason: "service_not_found",
      });
    expect(record.callCount).to.equal(0);
    await process(serviceAction("SERVICE_DELETED", { detail: { tags: tagsOf("gone") } }));
    expect(record.firstCall.args[0]).to.equal("gone");
  });

  it("believes the event's tags of a service without any only when it was deleted", async () => {
    lookUpTenant.resolves({});
    const detail = { tags: tagsOf("gone") };
    await process(serviceAction("SERVICE_DELETED", { detail }));
    expect(record.firstCall.args[0]).to.equal("gone");
    expect(await process(serviceAction("SERVICE_STEADY_STATE", { detail }))).to.include({
      reason: "no_tenant_tag",
    });
    expect(notes.take().counts).to.deep.equal({ TagContradictions: 1 });
  });

  it("believes the tags that come with an event that names no service, without asking ECS", async () => {
    const detail = { tags: tagsOf("inline") };
    await process(serviceAction("SERVICE_STEADY_STATE", { resources: [], detail }));
    expect(record.firstCall.args[0]).to.equal("inline");
    expect(record.firstCall.args[1].serviceArn).to.equal(undefined);
    expect(lookUpTenant.callCount).to.equal(0);
  });

  const SHORT_ARN = "arn:aws:ecs:af-south-1:536580886816:service/old-service";
  const elsewhere = "arn:aws:ecs:af-south-1:536580886816:cluster/bbws-cluster-dev-2";
  const ignored: [what: string, input: unknown, reason: string, message: RegExp][] = [
    [
      "an event of another cluster",
      serviceAction("SERVICE_STEADY_STATE", { detail: { clusterArn: elsewhere } }),
      "other_cluster",
      /cluster\/bbws-cluster-dev-2/,
    ],
    [
      "a deployment in another cluster, told by the service ARN alone",
      deploymentStateChange("SERVICE_DEPLOYMENT_COMPLETED", "ecs-svc/1", {
        resources: [serviceArnOf("acme").replace("bbws-cluster-dev", "bbws-cluster-dev-2")],
      }),
      "other_cluster",
      /cluster\/bbws-cluster-dev-2/,
    ],
    [
      "an event that the table does not map",
      serviceAction("CAPACITY_PROVIDER_STEADY_STATE"),
      "unmapped_event",
      /CAPACITY_PROVIDER_STEADY_STATE/,
    ],
    [
      "an event whose tags do not name a tenant",
      serviceAction("SERVICE_STEADY_STATE", { resources: [], detail: { tags: [] } }),
      "no_tenant_tag",
      /^No bbws:tenant-id tag found/,
    ],
    [
      "an event that names neither tags nor a service",
      serviceAction("SERVICE_STEADY_STATE", { resources: [] }),
      "no_tenant_tag",
      /^No bbws:tenant-id tag found on the event/,
    ],
    [
      "an event of a very old service, whose short ARN cannot be asked about",
      serviceAction("SERVICE_STEADY_STATE", { resources: [SHORT_ARN] }),
      "no_tenant_tag",
      /service\/old-service/,
    ],
    [
      "a service of another environment",
      serviceAction("SERVICE_STEADY_STATE", { resources: [], detail: { tags: tagsOf("acme", "prod") } }),
      "environment_mismatch",
      /^Environment mismatch: bbws:environment is prod, expected dev/,
    ],
    [
      "a service without an environment",
      serviceAction("SERVICE_STEADY_STATE", { resources: [], detail: { tags: tagsOf("acme", "") } }),
      "environment_mismatch",
      /^Environment mismatch: bbws:environment is not set, expected dev/,
    ],
  ];
  for (const [what, input, reason, message] of ignored) {
    it(`ignores ${what}, and touches neither ECS nor DynamoDB`, async () => {
      const answer = await process(input);
      expect(answer).to.include({ status: "ignored", reason });
      expect(answer).to.have.property("message").that.matches(message);
      expect([lookUpTenant.callCount, record.callCount]).to.deep.equal([0, 0]);
    });
  }

  it("ignores an event of a service that ECS does not know any more", async () => {
    lookUpTenant.resolves(undefined);
    const answer = await process(serviceAction("SERVICE_STEADY_STATE"));
    expect(answer).to.deep.equal({
      status: "ignored",
      reason: "service_not_found",
      event: "SERVICE_STEADY_STATE",
      message: `ECS does not know the service ${serviceArnOf("acme")}`,
    });
    expect(record.callCount).to.equal(0);
  });

  for (const [kind, message] of [
    ["unknown_tenant", "No row for tenant acme"],
    ["duplicate", "Event e1, or a newer one of its kind, is recorded already"],
  ] as const) {
    it(`passes on that the store found: ${kind}`, async () => {
      record.resolves(kind === "duplicate" ? { kind, serviceArn: undefined } : { kind });
      const answer = await process(serviceAction("SERVICE_STEADY_STATE", { id: "e1" }));
      expect(answer).to.include({ status: "ignored", reason: kind, tenantId: "acme", message });
    });
  }

  it("throws what the look-up or the store throws: nothing is swallowed", async () => {
    const trouble = new Error("trouble");
    record.rejects(trouble);
    expect(await process(serviceAction("SERVICE_STEADY_STATE")).catch((e: unknown) => e)).to.equal(trouble);
    lookUpTenant.rejects(trouble);
    expect(await process(serviceAction("SERVICE_STEADY_STATE")).catch((e: unknown) => e)).to.equal(trouble);
  });
});
