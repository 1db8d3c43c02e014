import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { AwsCall } from "../../local/aws-call.ts";
import { FunctionStartError } from "../../local/errors.ts";
import { type LambdaFunction, startFunction } from "../../local/lambda-function.ts";
import { listenLocally } from "../../local/local-server.ts";

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

  const start = async (code: string): Promise<LambdaFunction> => {
    await writeFile(join(taskRoot, "index.js"), code);
    lambda = await startFunction({
      taskRoot,
      environment: { ENVIRONMENT: "dev" },
      services: {
        hosts: ["dynamodb.invalid"],
        answer: (call) => {
          calls.push(call);
          return { status: 200, body: `{"Item":{"n":{"N":"${calls.length}"}}}` };
        },
        requestCount: () => calls.length,
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
