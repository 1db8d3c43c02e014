import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { AwsCall } from "../../local/aws-call.ts";
import { FunctionStartError } from "../../local/errors.ts";
import type { LendingTable, LocalServices } from "../../local/conversation.ts";
import { type LambdaFunction, startFunction } from "../../local/lambda-function.ts";
import { bundleLentTable } from "../../local/lent-table-bundle.ts";
import { listenLocally } from "../../local/local-server.ts";
import { createTenantTable, type TenantTable } from "../../local/tenant-table.ts";

const DYNAMODB_CLIENT = createRequire(import.meta.url).resolve("@aws-sdk/client-dynamodb");

describe("The function in its process", () => {
  let taskRoot: string;
  let lambda: LambdaFunction | undefined;
  let logLines: string[];
  let stop: AbortController;
  let calls: AwsCall[];
  beforeEach(async () => {
    taskRoot = await mkdtemp(join(tmpdir(), "lambda-function-test-"));
    logLines = [];
    stop = new AbortController();
    calls = [];
    lambda = undefined;
  });
  afterEach(async () => {
    await lambda?.close();
    await rm(taskRoot, { recursive: true });
  });

  const start = async (
    code: string,
    rows?: LendingTable,
    answer: LocalServices["answer"] = () => ({
      status: 200,
      body: `{"Item":{"n":{"N":"${calls.length}"}}}`,
    }),
  ): Promise<LambdaFunction> => {
    await writeFile(join(taskRoot, "index.js"), code);
    lambda = await startFunction({
      taskRoot,
      environment: { ENVIRONMENT: "dev" },
      services: {
        hosts: ["dynamodb.invalid"],
        answer: (call) => {
          calls.push(call);
          return answer(call);
        },
        requestCount: () => calls.length,
        rows,
      },
      onLogLine: (line) => logLines.push(line),
      signal: stop.signal,
    });
    return lambda;
  };

  it("knows no environment variables but its own", async () => {
    const started = await start("exports.handler = async () => process.env;");
    const env = answerOf(await started.invoke("{}"));
    expect(env).to.deep.equal({
      ENVIRONMENT: "dev",
      _HANDLER: "index.handler",
      LAMBDA_TASK_ROOT: taskRoot,
      HOME: taskRoot,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    });
  });

  it("is plain Node, without the loaders of this repository", async () => {
    const started = await start("exports.handler = async () => ({ args: process.execArgv });");
    expect(answerOf(await started.invoke("{}"))).to.deep.equal({ args: [] });
  });

  it("gets events as they are, and is initialised once", async () => {
    const started = await start(
      "let n = 0; exports.handler = async (event) => ({ n: ++n, keys: Object.keys(event) });",
    );
    expect(answerOf(await started.invoke('{"__proto__":1}'))).to.deep.equal({ n: 1, keys: ["__proto__"] });
    expect(answerOf(await started.invoke("[7]"))).to.deep.equal({ n: 2, keys: ["0"] });
  });

  it("tells what it throws", async () => {
    const started = await start('exports.handler = async () => { throw new RangeError("too much"); };');
    expect(await started.invoke("{}")).to.deep.equal({
      kind: "failed",
      error: { name: "RangeError", message: "too much" },
      requests: 0,
    });
    await lambda?.close();
    const other = await start('exports.handler = async () => { throw "text"; };');
    expect(await other.invoke("{}")).to.deep.equal({
      kind: "failed",
      error: { name: "Error", message: "text" },
      requests: 0,
    });
  });

  it("fails every event once its process has ended", async () => {
    const started = await start("exports.handler = () => process.exit(3);");
    const ended = {
      kind: "failed",
      error: { name: "FunctionEnded", message: "The function's process has ended (exit code 3)" },
      requests: 0,
    };
    expect(await started.invoke("{}")).to.deep.equal(ended);
    expect(await started.invoke("{}")).to.deep.equal(ended);
  });

  it("says what came of the events before the one that ends its process, which were waiting in it", async () => {
    const started = await start(
      "let n = 0; exports.handler = async (event) => { if (event === 2) process.exit(3); return { n: ++n, event }; };",
    );
    const results = await Promise.all(["0", "1", "2", "3"].map((payload) => started.invoke(payload)));
    expect(results.slice(0, 2).map(answerOf)).to.deep.equal([
      { n: 1, event: 0 },
      { n: 2, event: 1 },
    ]);
    for (const result of results.slice(2))
      expect(result).to.have.nested.property("error.name", "FunctionEnded");
  });

  /** A function that reads an item, as often as the event says, at once. */
  const READER = `
    const { DynamoDBClient, GetItemCommand } = require(${JSON.stringify(DYNAMODB_CLIENT)});
    const client = new DynamoDBClient({
      region: "af-south-1", endpoint: "http://dynamodb.invalid", maxAttempts: 1,
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    });
    const read = () => client.send(new GetItemCommand({ TableName: "t", Key: { id: { S: "ü" } } }));
    exports.handler = async (times) => ({ items: await Promise.all(Array.from({ length: times }, read)) });
  `;

  it("has what it asks of this process's services answered without a network, each request by its own answer", async () => {
    const started = await start(READER);
    const answer = answerOf(await started.invoke("3"));
    expect(answer["items"]).to.have.lengthOf(3);
    expect((answer["items"] as { Item: { n: { N: string } } }[]).map(({ Item }) => Item.n.N)).to.deep.equal([
      "1",
      "2",
      "3",
    ]);
    expect(calls).to.have.lengthOf(3);
    for (const { host, target, body } of calls) {
      expect([host, target]).to.deep.equal(["dynamodb.invalid", "DynamoDB_20120810.GetItem"]);
      expect(JSON.parse(body)).to.deep.equal({ TableName: "t", Key: { id: { S: "ü" } } });
    }
  });

  it("counts what each event has asked, also where the next is waiting", async () => {
    const started = await start(READER);
    const results = await Promise.all(["2", "0", "1"].map((payload) => started.invoke(payload)));
    expect(results.map(({ requests }) => requests)).to.deep.equal([2, 0, 1]);
  });

  describe("that is lent its tenant's row", () => {
    /** Writes the row of the tenant that the event names, and what the row had before; ends with the process where it says so. */
    const WRITER = `
      const { DynamoDBClient, UpdateItemCommand } = require(${JSON.stringify(DYNAMODB_CLIENT)});
      const client = new DynamoDBClient({
        region: "af-south-1", endpoint: "http://dynamodb.invalid", maxAttempts: 1,
        credentials: { accessKeyId: "a", secretAccessKey: "b" },
      });
      exports.handler = async ({ id, status, exits }) => {
        const { Attributes } = await client.send(new UpdateItemCommand({
          TableName: "tenants", Key: { tenant_id: { S: id } }, ReturnValues: "UPDATED_OLD",
          UpdateExpression: "SET #s = :s", ExpressionAttributeNames: { "#s": "status" },
          ExpressionAttributeValues: { ":s": { S: status } },
        }));
        if (exits) process.exit(3);
        return { before: Attributes?.status.S };
      };
    `;
    let bundle: string;
    let table: TenantTable;
    before(async () => {
      bundle = await bundleLentTable(await mkdtemp(join(tmpdir(), "lent-table-")));
    });
    after(() => rm(join(bundle, ".."), { recursive: true }));
    beforeEach(() => {
      table = createTenantTable("tenants", "services");
      table.put({ tenant_id: "acme", status: "NEW" });
    });
    const startWriter = (answer?: LocalServices["answer"]): Promise<LambdaFunction> =>
      start(
        WRITER,
        {
          bundle,
          host: "dynamodb.invalid",
          tableName: "tenants",
          lend: (tenantId) => table.lend(tenantId, "one"),
          takeBack: (row, item) => {
            table.takeBack(row, item);
          },
        },
        answer,
      );
    const event = (status: string, more: object = {}): string =>
      JSON.stringify({ id: "acme", status, ...more });

    it("answers for it by itself, and gives it back as it has become", async () => {
      const started = await startWriter();
      for (const [status, before] of [
        ["ACTIVE", "NEW"],
        ["FAILED", "ACTIVE"],
      ] as const) {
        const result = await started.invoke(event(status), "acme");
        expect(answerOf(result)).to.deep.equal({ before });
        expect(result.requests).to.equal(1);
        expect(table.get("acme")).to.have.property("status", status);
      }
      expect(calls).to.deep.equal([]);
      expect(started.usage().dynamoDbMs).to.be.above(0);
    });

    it("asks for others, and for what it was not lent", async () => {
      const started = await startWriter();
      await started.invoke(event("ACTIVE"), "other");
      await started.invoke(event("ACTIVE"));
      expect(calls).to.have.lengthOf(2);
      expect(table.get("acme")).to.have.property("status", "NEW");
      expect(table.lend("acme", "two"), "nothing is lent any more").to.not.equal(undefined);
      expect(table.lend("other", "two"), "nothing is lent any more").to.not.equal(undefined);
    });

    it("reports an event that needs the row lent to the one after it, and goes on", async () => {
      const started = await startWriter((call) => table.answer(call, "one"));
      const [first, second] = await Promise.all([
        started.invoke(event("x", { id: "other" }), "acme"),
        started.invoke(event("ACTIVE", { id: "other" }), "other"),
      ]);
      expect(first).to.have.property("error").that.deep.equals({
        name: "InternalServerError",
        message: "The row of other is lent to an event that waits for this one",
      });
      expect(answerOf(second)).to.deep.equal({});
      expect(table.get("other")).to.have.property("status", "ACTIVE");
    });

    it("has given it back when its process ends, with what it has written", async () => {
      const started = await startWriter();
      const results = await Promise.all([
        started.invoke(event("ACTIVE"), "acme"),
        started.invoke(event("x", { id: "other", exits: true }), "other"),
        started.invoke(event("never"), "third"),
      ]);
      expect(results.map(({ kind }) => kind)).to.deep.equal(["answered", "failed", "failed"]);
      expect(table.all().map(({ tenant_id: id, status }) => [id, status])).to.deep.equal([
        ["acme", "ACTIVE"],
        ["other", "x"],
      ]);
      for (const id of ["acme", "other", "third"])
        expect(table.lend(id, "two"), "nothing is lent any more").to.not.equal(undefined);
    });
  });

  it("says what came of an event while the next one takes its time", async () => {
    const started = await start("exports.handler = (event) => event === 1 ? {} : new Promise(() => {});");
    const [first, second] = [started.invoke("1"), started.invoke("2")];
    expect(answerOf(await first)).to.deep.equal({});
    stop.abort();
    expect(await second).to.have.property("kind", "failed");
  });

  it("says what it has used, for events alone", async () => {
    const started = await start(
      "exports.handler = async (ms) => { for (const end = Date.now() + ms; Date.now() < end; ); return {}; };",
    );
    expect(started.usage().cpuMs).to.equal(0);
    expect(started.usage().maxRssBytes).to.be.above(1e7);
    for (const ms of ["200", "200"]) await started.invoke(ms);
    expect(started.usage().cpuMs).to.be.within(50, 2000);
  });

  it("reaches other hosts over the network", async () => {
    const server = await listenLocally(createServer((_request, response) => response.end('{"Item":{}}')));
    try {
      const started = await start(READER.replace("http://dynamodb.invalid", server.endpoint));
      expect(answerOf(await started.invoke("1"))["items"]).to.have.lengthOf(1);
      expect(calls).to.deep.equal([]);
    } finally {
      await server.close();
    }
  });

  it("does not start when its code cannot be loaded", async () => {
    const failure = await start('throw new Error("CLUSTER_ARN is not set");').catch(
      (error: unknown) => error,
    );
    expect(failure)
      .to.be.instanceOf(FunctionStartError)
      .with.property("message", "The function did not start: Error: CLUSTER_ARN is not set");
  });

  it("has its log lines through when it is closed", async () => {
    const started = await start(
      'exports.handler = async (n) => { console._stdout.write(JSON.stringify({ n, text: "\\u2028" }) + "\\n"); };',
    );
    for (const n of [1, 2, 3]) await started.invoke(String(n));
    await started.close();
    expect(logLines.map((line) => (JSON.parse(line) as { n: number }).n)).to.deep.equal([1, 2, 3]);
  });

  it("ends soon after it is stopped, even where it hangs", async () => {
    const started = await start("exports.handler = () => new Promise(() => setInterval(() => {}, 1000));");
    const invocation = started.invoke("{}");
    stop.abort();
    expect(await invocation)
      .to.have.nested.property("error.message")
      .that.includes("SIGKILL");
  });
});

const answerOf = (invocation: Awaited<ReturnType<LambdaFunction["invoke"]>>): Record<string, unknown> => {
  if (invocation.kind !== "answered") throw new Error(invocation.error.message);
  return { ...invocation.answer };
};
