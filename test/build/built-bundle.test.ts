import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { CLUSTER_ARN, serviceAction, serviceArnOf, tagsOf } from "../handler/events.ts";
import { awsError, type AwsStub, ok, startAwsStub, type StubRequest, type Treatment } from "./aws-stub.ts";
import { builtFunction } from "./built-function.ts";
import { type BundleRun, runBundle, type RunOptions } from "./lambda.ts";

const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: "AKIATEST",
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_SESSION_TOKEN: "session",
};
const DYNAMODB = "com.amazonaws.dynamodb.v20120810";

/** What the replacements took out of the libraries must not be missed, least of all when something fails. */
describe("the built bundle", () => {
  let directory: string;
  let bundlePath: string;
  const stubs: AwsStub[] = [];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "bundle-"));
    ({ bundlePath } = await builtFunction());
  });
  after(async () => {
    for (const stub of stubs) stub.close();
    await rm(directory, { recursive: true });
  });

  interface Scenario {
    readonly bundle?: string;
    readonly dynamoDb?: (request: StubRequest, earlier: number) => Treatment;
    readonly ecs?: (request: StubRequest, earlier: number) => Treatment;
    readonly events?: readonly unknown[];
    readonly environment?: Readonly<Record<string, string>>;
    readonly options?: RunOptions;
  }

  const play = async ({
    bundle = bundlePath,
    dynamoDb = () => ok({ Attributes: { status: { S: "PENDING" } } }),
    ecs = () => ok({ tags: tagsOf("acme") }),
    events = [serviceAction("SERVICE_STEADY_STATE")],
    environment = CREDENTIALS,
    options = {},
  }: Scenario): Promise<{
    run: BundleRun;
    outcome: BundleRun["outcomes"][number] | undefined;
    tables: AwsStub;
    services: AwsStub;
  }> => {
    const tables = await startAwsStub(dynamoDb);
    const services = await startAwsStub(ecs);
    stubs.push(tables, services);
    const run = await runBundle(
      bundle,
      {
        ENVIRONMENT: "dev",
        TENANTS_TABLE: "bbws-tenants-dev",
        CLUSTER_ARN,
        AWS_REGION: "af-south-1",
        AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
        AWS_ENDPOINT_URL_ECS: services.endpoint,
        ...environment,
      },
      events,
      options,
    );
    return { run, outcome: run.outcomes[0], tables, services };
  };

  const failedWith = (
    outcome: BundleRun["outcomes"][number] | undefined,
    errorType: string,
    message: RegExp,
  ): void => {
    expect(outcome).to.have.property("errorType", errorType);
    expect(outcome).to.have.property("errorMessage").that.matches(message);
  };

  it("writes an event in order by one request to DynamoDB, and asks ECS for a service once", async () => {
    const { run, tables, services } = await play({
      events: [1, 2, 3].map((second) =>
        serviceAction("SERVICE_STEADY_STATE", { time: `2026-03-01T10:00:0${second}Z` }),
      ),
    });
    expect(run.outcomes).to.deep.equal(
      [1, 2, 3].map(() => ({
        answer: {
          status: "success",
          tenantId: "acme",
          event: "SERVICE_STEADY_STATE",
          tenantStatus: "ACTIVE",
          previousStatus: "PENDING",
          changed: true,
        },
      })),
    );
    expect(tables.operations).to.deep.equal(["UpdateItem", "UpdateItem", "UpdateItem"]);
    expect(services.operations).to.deep.equal(["ListTagsForResource"]);
  });

  const SERVICES_TABLE = "bbws-ecs-event-handler-services-dev";
  const inDirectory = (learnedAt: Date, tenantId = "acme"): Treatment =>
    ok({
      Item: {
        service_arn: { S: serviceArnOf("acme") },
        tenant_id: { S: tenantId },
        environment: { S: "dev" },
        learned_at: { S: learnedAt.toISOString() },
      },
    });
  const withDirectory = { ...CREDENTIALS, SERVICES_TABLE };
  /**
   * The function waits 1.5 s for its directory, by the real clock. Where the machine stood still for longer, its log says that it did
   * without, which is another test's: then once more.
   */
  const playWithDirectory = async (played: Parameters<typeof play>[0]): ReturnType<typeof play> => {
    for (let time = 1; ; time++) {
      const result = await play({ ...played, environment: withDirectory });
      if (time === 3 || !result.run.log.some((line) => "DirectoryFailures" in line)) return result;
    }
  };
  const HOUR_MS = 60 * 60 * 1000;

  it("talks to DynamoDB alone when it finds the service in the directory, though it has just started", async () => {
    const { outcome, tables, services } = await playWithDirectory({
      dynamoDb: ({ operation }) =>
        operation === "GetItem"
          ? inDirectory(new Date(Date.now() - HOUR_MS))
          : ok({ Attributes: { status: { S: "PENDING" } } }),
    });
    expect(outcome).to.have.nested.property("answer.tenantId", "acme");
    expect(tables.operations).to.deep.equal(["GetItem", "UpdateItem"]);
    expect(tables.requests[0]?.body).to.deep.include({
      TableName: SERVICES_TABLE,
      Key: { service_arn: { S: serviceArnOf("acme") } },
    });
    expect(services.operations).to.deep.equal([]);
  });

  it("loads the client for ECS when it asks ECS, and not before", async () => {
    const withoutEcs = join(directory, "without-ecs", "index.js");
    await cp(bundlePath, withoutEcs);
    const known = await playWithDirectory({
      bundle: withoutEcs,
      dynamoDb: ({ operation }) =>
        operation === "GetItem" ? inDirectory(new Date()) : ok({ Attributes: { status: { S: "PENDING" } } }),
    });
    expect(known.outcome).to.have.nested.property("answer.status", "success");
    const unknown = await play({ bundle: withoutEcs });
    failedWith(unknown.outcome, "TagLookupError", /Cannot find module '\.\/ecs\.js'/);
  });

  it("asks ECS about a service that is not in the directory, and writes down what ECS said", async () => {
    const { outcome, tables, services } = await playWithDirectory({
      dynamoDb: () => ok({}),
    });
    expect(outcome).to.have.nested.property("answer.tenantId", "acme");
    expect(tables.operations).to.deep.equal(["GetItem", "PutItem", "UpdateItem"]);
    expect(tables.requests[1]?.body).to.deep.include({ TableName: SERVICES_TABLE });
    expect(services.operations).to.deep.equal(["ListTagsForResource"]);
  });

  it("asks a throttled ECS once, makes do with what the directory has, then leaves ECS alone", async () => {
    const { run, tables, services } = await playWithDirectory({
      dynamoDb: ({ operation }) =>
        operation === "GetItem" ? inDirectory(new Date(Date.now() - 48 * HOUR_MS)) : ok({}),
      ecs: () => awsError("ThrottlingException"),
      events: [1, 2, 3].map((second) =>
        serviceAction("SERVICE_STEADY_STATE", { time: `2026-03-01T10:00:0${second}Z` }),
      ),
    });
    for (const outcome of run.outcomes) expect(outcome).to.have.nested.property("answer.tenantId", "acme");
    expect(services.operations).to.deep.equal(["ListTagsForResource"]);
    expect(tables.operations).to.deep.equal([1, 2, 3].flatMap(() => ["GetItem", "UpdateItem"]));
  });

  it("asks ECS, and says so in its line, when the directory denies it, fails or never answers", async () => {
    const treatments: Treatment[] = [
      awsError("AccessDeniedException"),
      awsError("InternalServerError", 500),
      "hang",
    ];
    const plays = await Promise.all(
      treatments.map((treatment) =>
        play({
          dynamoDb: ({ operation }) => (operation === "GetItem" ? treatment : ok({})),
          environment: withDirectory,
        }),
      ),
    );
    for (const { run, outcome, services } of plays) {
      expect(outcome).to.have.nested.property("answer.tenantId", "acme");
      expect(services.operations).to.deep.equal(["ListTagsForResource"]);
      expect(run.log[0]).to.include({ level: "WARN", DirectoryFailures: 1 });
    }
  });

  it("asks ECS nothing about an event that brings its tags and names no service", async () => {
    const { services } = await play({
      events: [serviceAction("SERVICE_STEADY_STATE", { resources: [], detail: { tags: tagsOf("acme") } })],
    });
    expect(services.operations).to.deep.equal([]);
  });

  it("signs with the credentials, the session and the region of the environment", async () => {
    const { tables, services } = await play({});
    for (const [{ requests }, service] of [
      [tables, "dynamodb"],
      [services, "ecs"],
    ] as const) {
      expect(requests[0]?.headers).to.include({ "x-amz-security-token": "session" });
      expect(requests[0]?.headers.authorization).to.match(
        new RegExp(`^AWS4-HMAC-SHA256 Credential=AKIATEST/\\d{8}/af-south-1/${service}/aws4_request`),
      );
    }
  });

  it("logs one JSON line for each event, and complains of nothing", async () => {
    const { run } = await play({});
    expect(run.log).to.have.length(1);
    expect(run.log[0]).to.include({
      level: "INFO",
      message: "Tenant status PENDING -> ACTIVE",
      EventsProcessed: 1,
    });
    expect(run.complaints).to.equal("");
  });

  it("logs no line below the level of LOG_LEVEL", async () => {
    const { run, outcome } = await play({
      environment: { LOG_LEVEL: "error", AWS_ACCESS_KEY_ID: "AKIATEST", AWS_SECRET_ACCESS_KEY: "secret" },
    });
    expect(outcome).to.have.nested.property("answer.status", "success");
    expect(run.log).to.deep.equal([]);
  });

  it("reads the row and merges where the condition fails", async () => {
    const { outcome, tables } = await play({
      dynamoDb: ({ operation }, earlier) =>
        operation === "GetItem"
          ? ok({ Item: { tenant_id: { S: "acme" }, status: { S: "PENDING" } } })
          : earlier === 0
            ? {
                status: 400,
                body: {
                  __type: `${DYNAMODB}#ConditionalCheckFailedException`,
                  message: "The conditional request failed",
                },
              }
            : ok({}),
    });
    expect(outcome).to.have.nested.property("answer.tenantStatus", "ACTIVE");
    expect(tables.operations).to.deep.equal(["UpdateItem", "GetItem", "UpdateItem"]);
  });

  describe("on a database that shows the loser of a write the row that won", () => {
    const lost = (row: Record<string, unknown>): Treatment => ({
      status: 400,
      body: {
        __type: `${DYNAMODB}#ConditionalCheckFailedException`,
        message: "The conditional request failed",
        Item: { tenant_id: { S: "acme" }, ...row },
      },
    });
    const rowOf = (id: string, time: string): Record<string, unknown> => ({
      status: { S: "ACTIVE" },
      ecs_status: { S: "ACTIVE" },
      last_event: { M: { id: { S: id } } },
      events: { M: { SERVICE_STEADY_STATE: { M: { at: { S: time }, id: { S: id } } } } },
      revision: { N: "4" },
    });
    const event = serviceAction("SERVICE_STEADY_STATE", { id: "e1", time: "2026-03-01T10:00:05Z" });

    it("merges a first event into it by two requests, each of which asks for the row", async () => {
      const { outcome, tables } = await play({
        dynamoDb: (_, earlier) => (earlier === 0 ? lost({ status: { S: "PENDING" } }) : ok({})),
        events: [event],
      });
      expect(outcome).to.have.nested.property("answer.previousStatus", "PENDING");
      expect(tables.operations).to.deep.equal(["UpdateItem", "UpdateItem"]);
      for (const { body } of tables.requests)
        expect(body).to.include({ ReturnValuesOnConditionCheckFailure: "ALL_OLD" });
    });

    it("merges a late event into it by two requests, on condition that it still is that row", async () => {
      const late = serviceAction("SERVICE_DESIRED_COUNT_UPDATED", { time: "2026-03-01T10:00:01Z" });
      const { outcome, tables } = await play({
        dynamoDb: (_, earlier) => (earlier === 0 ? lost(rowOf("e9", "2026-03-01T10:00:09Z")) : ok({})),
        events: [late],
      });
      expect(outcome).to.have.nested.property("answer.changed", false);
      expect(tables.operations).to.deep.equal(["UpdateItem", "UpdateItem"]);
      expect(JSON.stringify(tables.requests[1]?.body["ExpressionAttributeValues"])).to.include('{"N":"4"}');
    });

    it("knows a duplicate, and an older one of its kind, by one request", async () => {
      for (const [id, time] of [
        ["e1", "2026-03-01T10:00:05Z"],
        ["e9", "2026-03-01T10:00:09Z"],
      ] as const) {
        const { outcome, tables } = await play({ dynamoDb: () => lost(rowOf(id, time)), events: [event] });
        expect(outcome).to.have.nested.property("answer.reason", "duplicate");
        expect(tables.operations).to.deep.equal(["UpdateItem"]);
      }
    });

    it("reads the row of which a second write lost, too, only once it keeps losing", async () => {
      const { outcome, tables } = await play({
        dynamoDb: ({ operation }, earlier) =>
          operation === "GetItem"
            ? ok({ Item: { tenant_id: { S: "acme" } } })
            : earlier < 3
              ? lost({})
              : ok({}),
        events: [event],
      });
      expect(outcome).to.have.nested.property("answer.tenantStatus", "ACTIVE");
      expect(tables.operations).to.deep.equal([
        ...["UpdateItem", "UpdateItem", "UpdateItem"],
        ...["GetItem", "UpdateItem"],
      ]);
    });
  });

  for (const name of [
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
  ]) {
    it(`tries again when DynamoDB throttles: ${name}`, async () => {
      const { outcome, tables } = await play({
        dynamoDb: (_, earlier) =>
          earlier === 0 ? awsError(name) : ok({ Attributes: { status: { S: "PENDING" } } }),
      });
      expect(outcome).to.have.nested.property("answer.tenantStatus", "ACTIVE");
      expect(tables.operations).to.have.length(2);
    });
  }

  it("throws when DynamoDB keeps throttling, after a bounded number of attempts", async () => {
    const { run, outcome, tables } = await play({ dynamoDb: () => awsError("ThrottlingException") });
    failedWith(outcome, "TenantStoreError", /ThrottlingException: as told/);
    expect(tables.operations).to.have.length(4);
    expect(run.log).to.have.length(1);
    expect(run.log[0]).to.include({ level: "ERROR", message: "Failed to update tenant state" });
  });

  it("tries again when DynamoDB fails", async () => {
    const { outcome, tables } = await play({
      dynamoDb: (_, earlier) => (earlier === 0 ? awsError("InternalServerError", 500) : ok({})),
    });
    expect(outcome).to.have.nested.property("answer.tenantStatus", "ACTIVE");
    expect(tables.operations).to.have.length(2);
  });

  it("throws when DynamoDB keeps failing", async () => {
    const { outcome, tables } = await play({ dynamoDb: () => awsError("InternalServerError", 500) });
    failedWith(outcome, "TenantStoreError", /InternalServerError: as told/);
    expect(tables.operations).to.have.length(4);
  });

  it("tries again when the connection breaks", async () => {
    const { outcome, tables } = await play({ dynamoDb: (_, earlier) => (earlier === 0 ? "reset" : ok({})) });
    expect(outcome).to.have.nested.property("answer.tenantStatus", "ACTIVE");
    expect(tables.operations).to.have.length(2);
  });

  it("throws when the connection keeps breaking", async () => {
    const { outcome, tables } = await play({ dynamoDb: () => "reset" });
    failedWith(outcome, "TenantStoreError", /ECONNRESET|socket hang up/);
    expect(tables.operations).to.have.length(4);
  });

  it("throws when neither DynamoDB nor ECS ever answers, or when an answer never ends", async () => {
    const [hungTable, hungService, stalledTable] = await Promise.all([
      play({ dynamoDb: () => "hang" }),
      play({ ecs: () => "hang" }),
      play({ dynamoDb: () => "stall" }),
    ]);
    failedWith(stalledTable.outcome, "TenantStoreError", /TimeoutError/);
    expect(stalledTable.tables.operations).to.have.length(4);
    failedWith(hungTable.outcome, "TenantStoreError", /TimeoutError/);
    expect(hungTable.tables.operations).to.have.length(4);
    failedWith(hungService.outcome, "TagLookupError", /TimeoutError|AbortError|aborted/i);
    expect(hungService.tables.operations).to.deep.equal([]);
  });

  for (const [kind, name] of [
    ["unknown", "UnrecognizedClientException"],
    ["expired", "ExpiredTokenException"],
  ] as const) {
    it(`throws at once when its credentials are ${kind}`, async () => {
      const { outcome, tables } = await play({ dynamoDb: () => awsError(name) });
      failedWith(outcome, "TenantStoreError", new RegExp(`${name}: as told`));
      expect(tables.operations).to.deep.equal(["UpdateItem"]);
    });
  }

  it("reads the environment again after its credentials have expired", async () => {
    const { run, tables } = await play({
      dynamoDb: (_, earlier) => (earlier === 0 ? awsError("ExpiredTokenException") : ok({})),
      events: [1, 2].map(() => serviceAction("SERVICE_STEADY_STATE")),
      options: { environmentLater: { AWS_ACCESS_KEY_ID: "AKIALATER", AWS_SESSION_TOKEN: "later" } },
    });
    failedWith(run.outcomes[0], "TenantStoreError", /ExpiredTokenException: as told/);
    expect(run.outcomes[1]).to.have.nested.property("answer.tenantStatus", "ACTIVE");
    expect(tables.requests[1]?.headers).to.include({ "x-amz-security-token": "later" });
    expect(tables.requests[1]?.headers.authorization).to.contain("Credential=AKIALATER/");
  });

  it("throws when it was given no credentials", async () => {
    const { outcome, tables, services } = await play({ environment: {} });
    failedWith(
      outcome,
      "TagLookupError",
      /CredentialsProviderError: Unable to find environment variable credentials/,
    );
    expect([...tables.operations, ...services.operations]).to.deep.equal([]);
  });

  it("throws when ECS denies it the tags, without touching the table", async () => {
    const { run, outcome, tables, services } = await play({ ecs: () => awsError("AccessDeniedException") });
    failedWith(outcome, "TagLookupError", /AccessDeniedException: as told/);
    expect(services.operations).to.deep.equal(["ListTagsForResource"]);
    expect(tables.operations).to.deep.equal([]);
    expect(run.log[0]).to.include({ level: "ERROR", message: "Failed to look up service tags" });
  });

  it("ignores an event of a service that ECS no longer knows", async () => {
    const { outcome } = await play({ ecs: () => awsError("ServiceNotFoundException") });
    expect(outcome).to.have.nested.property("answer.reason", "service_not_found");
  });

  it("lists what is wrong with an event", async () => {
    const { outcome } = await play({ events: [{ source: "aws.ec2" }] });
    failedWith(outcome, "InvalidEventError", /must have required property 'id'.*\/source must be "aws\.ecs"/);
  });

  it("does not load without its configuration", async () => {
    const loaded = await play({ environment: { TENANTS_TABLE: "" } }).catch(String);
    expect(loaded).to.contain("TENANTS_TABLE is not set");
  });
});
