import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import sinon from "sinon";
import { createTestTable, type TestTable } from "./dynamodb.ts";
import { CLUSTER_ARN, deploymentStateChange, serviceAction, serviceArnOf, tagsOf } from "./events.ts";

type Handler = (input: unknown) => Promise<unknown>;

/** The function as Lambda would load it, over a real table and an ECS endpoint that answers as told. */
describe("the function", () => {
  let table: TestTable;
  let ecs: Server;
  let directory: TestTable;
  let handler: Handler;
  let environment: sinon.SinonStub;
  let variables: Record<string, string | undefined>;
  const lines: string[] = [];
  const listTags = sinon.stub<[arn: string], { status: number; body: unknown }>();

  before(async () => {
    table = await createTestTable();
    directory = await createTestTable(["service_arn"], table);
    ecs = createServer((request, response) => {
      void (async () => {
        let body = "";
        for await (const chunk of request) body += String(chunk);
        const answer = listTags((JSON.parse(body) as { resourceArn: string }).resourceArn);
        response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.1" });
        response.end(JSON.stringify(answer.body));
      })();
    });
    await once(ecs.listen(0, "127.0.0.1"), "listening");

    variables = {
      ...process.env, // eslint-disable-line no-restricted-syntax -- as above
      ENVIRONMENT: "dev",
      TENANTS_TABLE: table.name,
      CLUSTER_ARN,
      AWS_REGION: "af-south-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
      AWS_ENDPOINT_URL_ECS: `http://127.0.0.1:${(ecs.address() as AddressInfo).port}`,
    };
    environment = sinon.stub(process, "env").value(variables);
    await table.put({ tenant_id: "acme", status: "PENDING" });
  });
  after(async () => {
    environment.restore();
    ecs.closeAllConnections();
    ecs.close();
    await directory.close();
    await table.close();
  });

  /** A new container: it remembers nothing of earlier events. Not by import(), whose module format differs from that in which the tests load the other modules. */
  const start = (): void => {
    const require = createRequire(import.meta.url);
    Reflect.deleteProperty(require.cache, require.resolve("../../handler/index.ts"));
    ({ handler } = require("../../handler/index.ts") as { handler: Handler });
  };

  /** Runs the handler and gives what it returned or threw, and what it logged. */
  const invoke = async (input: unknown): Promise<{ outcome: unknown; logged: Record<string, unknown>[] }> => {
    lines.length = 0;
    const write = sinon.stub(process.stdout, "write").callsFake((text) => {
      lines.push(String(text));
      return true;
    });
    try {
      const outcome: unknown = await handler(input).catch((error: unknown) => error);
      return { outcome, logged: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
    } finally {
      write.restore();
    }
  };

  beforeEach(() => {
    listTags.reset();
    listTags.returns({ status: 200, body: { tags: tagsOf("acme") } });
    start();
  });

  it("brings a deployment's events to the tenant's row, and logs one line with metrics for each", async () => {
    const started = deploymentStateChange("SERVICE_DEPLOYMENT_IN_PROGRESS", "ecs-svc/1", {
      id: "e1",
      time: "2026-03-01T10:00:00Z",
    });
    const { outcome, logged } = await invoke(started);
    expect(outcome).to.deep.equal({
      status: "success",
      tenantId: "acme",
      event: "DEPLOYMENT_IN_PROGRESS",
      tenantStatus: "PROVISIONING",
      previousStatus: "PENDING",
      changed: true,
    });
    expect(logged).to.have.length(1);
    expect(logged[0]).to.deep.include({
      level: "INFO",
      message: "Tenant status PENDING -> PROVISIONING",
      eventId: "e1",
      eventName: "SERVICE_DEPLOYMENT_IN_PROGRESS",
      event: "DEPLOYMENT_IN_PROGRESS",
      tenantId: "acme",
      serviceArn: serviceArnOf("acme"),
      Environment: "dev",
      Status: "PROVISIONING",
      EventsProcessed: 1,
      StatusChanges: 1,
    });

    const completed = { id: "e2", time: "2026-03-01T10:02:00Z" };
    await invoke(deploymentStateChange("SERVICE_DEPLOYMENT_COMPLETED", "ecs-svc/1", completed));
    expect(await table.get({ tenant_id: "acme" })).to.include({
      status: "ACTIVE",
      deployment_id: "ecs-svc/1",
    });
    expect(listTags.callCount, "the second event's tenant is remembered").to.equal(1);
  });

  it("asks ECS once for all containers when it has a directory of the services", async () => {
    const steady = (second: number): unknown =>
      serviceAction("SERVICE_STEADY_STATE", { id: `d${second}`, time: `2026-03-01T11:00:0${second}Z` });
    variables["SERVICES_TABLE"] = directory.name;
    try {
      start();
      await invoke(steady(1));
      expect(await directory.get({ service_arn: serviceArnOf("acme") })).to.include({
        tenant_id: "acme",
        environment: "dev",
      });
      start();
      const { outcome } = await invoke(steady(2));
      expect(outcome).to.include({ status: "success", tenantId: "acme" });
      expect(listTags.callCount).to.equal(1);
    } finally {
      delete variables["SERVICES_TABLE"];
    }
  });

  it("logs why it ignored an event", async () => {
    const { outcome, logged } = await invoke(serviceAction("CAPACITY_PROVIDER_STEADY_STATE"));
    expect(outcome).to.include({ status: "ignored", reason: "unmapped_event" });
    expect(logged).to.have.length(1);
    expect(logged[0]).to.include({ level: "INFO", Reason: "unmapped_event", EventsIgnored: 1 });
  });

  it("warns of a service that ECS does not know", async () => {
    listTags.returns({
      status: 400,
      body: { __type: "InvalidParameterException", message: "The specified service was not found." },
    });
    const { outcome, logged } = await invoke(
      serviceAction("SERVICE_STEADY_STATE", { resources: [serviceArnOf("gone")] }),
    );
    expect(outcome).to.include({ status: "ignored", reason: "service_not_found" });
    expect(logged[0]).to.include({
      level: "WARN",
      message: `ECS does not know the service ${serviceArnOf("gone")}`,
    });
  });

  it("throws what is no event, with every violation, and logs it as an error", async () => {
    const { outcome, logged } = await invoke({ source: "aws.s3" });
    expect(outcome).to.be.an("error").with.property("name", "InvalidEventError");
    expect(logged).to.have.length(1);
    expect(logged[0]).to.include({ level: "ERROR", message: "Invalid event", status: "failed" });
  });

  it("throws when ECS denies the look-up, and logs which service it was", async () => {
    listTags.returns({ status: 400, body: { __type: "AccessDeniedException", message: "not authorized" } });
    const { outcome, logged } = await invoke(
      serviceAction("SERVICE_STEADY_STATE", { resources: [serviceArnOf("denied")] }),
    );
    expect(outcome).to.be.an("error").with.property("name", "TagLookupError");
    expect(logged[0]).to.include({ level: "ERROR", message: "Failed to look up service tags" });
    expect(logged[0]).to.include({ serviceArn: serviceArnOf("denied") });
  });

  it("throws when a row is malformed, and logs whose it is", async () => {
    await table.put({ tenant_id: "broken", events: "not a map" });
    const detail = { tags: tagsOf("broken") };
    const { outcome, logged } = await invoke(
      serviceAction("SERVICE_STEADY_STATE", { resources: [], detail }),
    );
    expect(outcome).to.be.an("error").with.property("name", "MalformedRowError");
    expect(logged[0]).to.include({ message: "Failed to update tenant state", tenantId: "broken" });
    expect(await table.get({ tenant_id: "broken" })).to.deep.equal({
      tenant_id: "broken",
      events: "not a map",
    });
  });
});
