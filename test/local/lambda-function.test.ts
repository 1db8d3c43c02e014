import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { FunctionStartError } from "../../local/errors.ts";
import { type LambdaFunction, startFunction } from "../../local/lambda-function.ts";

describe("The function in its process", () => {
  let taskRoot: string;
  let lambda: LambdaFunction | undefined;
  let logLines: string[];
  let stop: AbortController;
  beforeEach(async () => {
    taskRoot = await mkdtemp(join(tmpdir(), "lambda-function-test-"));
    logLines = [];
    stop = new AbortController();
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
    });
    await lambda?.close();
    const other = await start('exports.handler = async () => { throw "text"; };');
    expect(await other.invoke("{}")).to.deep.equal({
      kind: "failed",
      error: { name: "Error", message: "text" },
    });
  });

  it("fails every event once its process has ended", async () => {
    const started = await start("exports.handler = () => process.exit(3);");
    const ended = {
      kind: "failed",
      error: { name: "FunctionEnded", message: "The function's process has ended (exit code 3)" },
    };
    expect(await started.invoke("{}")).to.deep.equal(ended);
    expect(await started.invoke("{}")).to.deep.equal(ended);
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
