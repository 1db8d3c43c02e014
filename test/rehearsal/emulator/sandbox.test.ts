import { expect } from "chai";
import { zipSync } from "fflate";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { codeSha256 } from "../../../build/code-sha256.ts";
import { CodeMismatchError, unpackCode } from "../../../rehearsal/emulator/lambda/code-store.ts";
import type { Invocation } from "../../../rehearsal/emulator/lambda/invocation.ts";
import { type Sandbox, startSandbox } from "../../../rehearsal/emulator/lambda/sandbox.ts";

const CODE = `
  console.log("loading");
  exports.handler = async (event, context) => {
    console.log("event", event.do);
    switch (event.do) {
      case "throw": throw new TypeError("on purpose");
      case "crash": process.exit(7);
      case "hang":
      case "hang for long": return await new Promise((resolve) => setInterval(() => resolve, 1000));
      default: return { arn: context.invokedFunctionArn, greeting: process.env.GREETING, home: process.env.HOME };
    }
  };`;

describe("A sandbox", () => {
  let folder: string;
  let taskRoot: string;
  let sandbox: Sandbox;
  let lines: string[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sandbox-"));
    taskRoot = await unpackCode(folder, invocationOf("greet"));
    lines = [];
    sandbox = await start();
  });

  afterEach(async () => {
    await sandbox.kill();
    await rm(folder, { recursive: true });
  });

  const start = (code?: string): Promise<Sandbox> =>
    startSandbox(invocationOf("greet", code), {
      runtime: {
        node: process.execPath,
        client: fileURLToPath(new URL("runtime-client.mjs", import.meta.url)),
      },
      taskRoot,
      variables: {},
      onLogLine: (line) => lines.push(line),
    });

  const invoke = async (what: string) => {
    const { payload, functionError } = await sandbox.invoke("request-1", invocationOf(what));
    return { ...(JSON.parse(payload) as Record<string, unknown>), functionError };
  };

  it("answers what the handler returns, which sees its configuration and nothing of this machine", async () => {
    expect(await invoke("greet")).to.deep.equal({
      arn: "arn:aws:lambda:af-south-1:123456789012:function:greeter:live",
      greeting: "hello",
      home: taskRoot,
      functionError: undefined,
    });
  });

  it("handles one event after another in the same process", async () => {
    await invoke("greet");
    await invoke("greet");
    expect(lines).to.deep.equal(["loading", "event greet", "event greet"]);
  });

  it("reports what the handler throws, and lives on", async () => {
    expect(await invoke("throw")).to.include({
      errorType: "TypeError",
      errorMessage: "on purpose",
      functionError: "Unhandled",
    });
    expect(sandbox.isAlive()).to.be.true;
  });

  it("reports that the process has ended", async () => {
    expect(await invoke("crash")).to.include({
      errorType: "Runtime.ExitError",
      errorMessage: "RequestId: request-1 Error: Runtime exited with error: exit status 7",
      functionError: "Unhandled",
    });
    expect(sandbox.isAlive()).to.be.false;
  });

  it("ends a function that does not answer within its time", async () => {
    expect(await invoke("hang")).to.include({
      errorType: "Sandbox.Timedout",
      errorMessage: "RequestId: request-1 Error: Task timed out after 0.50 seconds",
    });
    expect(sandbox.isAlive()).to.be.false;
  });

  it("reports an event whose sandbox is killed as failed", async () => {
    const invoked = invoke("hang for long");
    await sandbox.kill();
    expect(await invoked).to.include({ errorType: "Runtime.ExitError", functionError: "Unhandled" });
  });

  it("reports a function that cannot be loaded", async () => {
    await sandbox.kill();
    taskRoot = await unpackCode(folder, invocationOf("greet", BROKEN));
    sandbox = await start(BROKEN);
    expect(await invoke("greet")).to.include({ errorMessage: "cannot load", functionError: "Unhandled" });
  });

  it("refuses a zip that is not the one whose CodeSha256 was deployed", async () => {
    const other = { ...invocationOf("greet"), zip: invocationOf("greet", BROKEN).zip };
    const error: unknown = await unpackCode(folder, other).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(CodeMismatchError);
  });
});

const BROKEN = `throw new Error("cannot load");`;

/** Seconds: what should hang hangs for this long, and nothing else takes as long. */
const SHORT = 0.5;
const LONG = 30;

const invocationOf = (what: string, code = CODE): Invocation => {
  const zip = zipSync({ "index.js": Buffer.from(code) });
  return {
    accountId: "123456789012",
    region: "af-south-1",
    qualifier: "live",
    invocationType: "RequestResponse",
    payload: JSON.stringify({ do: what }),
    eventInvokeConfig: null,
    zip: Buffer.from(zip).toString("base64"),
    configuration: {
      FunctionName: "greeter",
      FunctionArn: "arn:aws:lambda:af-south-1:123456789012:function:greeter:1",
      Version: "1",
      Handler: "index.handler",
      Runtime: "nodejs22.x",
      Role: "arn:aws:iam::123456789012:role/greeter",
      CodeSha256: codeSha256(zip),
      MemorySize: 256,
      Timeout: what === "hang" ? SHORT : LONG,
      Environment: { Variables: { GREETING: "hello" } },
      LoggingConfig: { LogFormat: "JSON", LogGroup: "/aws/lambda/greeter" },
    },
  };
};
