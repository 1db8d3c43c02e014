import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Answer } from "../handler/answer.ts";
import { FunctionStartError } from "./errors.ts";
import { linesOf } from "./input/lines.ts";

/** The function in a process of its own, one event at a time. */
export interface LambdaFunction {
  /** @param payload the event's JSON text. */
  invoke(payload: string): Promise<InvocationResult>;
  /** Ends the process, once its log lines are through. */
  close(): Promise<void>;
}

/** What came of an event: the handler's answer, or what it threw. */
export type InvocationResult = Answered | Failed;

interface Answered {
  readonly kind: "answered";
  readonly answer: Answer;
}

interface Failed {
  readonly kind: "failed";
  readonly error: { readonly name: string; readonly message: string };
}

export interface LambdaFunctionOptions {
  /** The folder with the unpacked zip. */
  readonly taskRoot: string;
  /** The function's environment variables; it sees no others. */
  readonly environment: Readonly<Record<string, string>>;
  /** Undefined where its log lines are for nobody. */
  readonly onLogLine: ((line: string) => void) | undefined;
  /** Once aborted, the process has a second left for the event that it is about. */
  readonly signal: AbortSignal;
}

/**
 * Starts the function as Lambda does: `index.handler`, required from the unpacked zip, in a process that knows nothing
 * but its environment variables.
 * @throws {FunctionStartError} when the function cannot be loaded.
 */
export const startFunction = async (options: LambdaFunctionOptions): Promise<LambdaFunction> => {
  const child = startHost(options);
  const ended = Promise.all([
    // Not "close": Node does not emit it where this side has disconnected.
    new Promise((resolve) => child.once("exit", resolve)),
    forwardLines(child, options.onLogLine),
  ]);

  const first = await nextMessage(child);
  if (first.kind === "failed") {
    if (child.connected) child.disconnect();
    await ended;
    throw new FunctionStartError(`The function did not start: ${first.error.name}: ${first.error.message}`);
  }

  return {
    invoke: async (payload) => {
      if (!child.connected) return gone(child);
      const message = nextMessage(child);
      child.send({ payload });
      const answered = await message;
      return answered.kind === "ready" ? gone(child) : answered;
    },
    close: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
};

const startHost = ({ taskRoot, environment, onLogLine, signal }: LambdaFunctionOptions): ChildProcess => {
  const child = fork(fileURLToPath(new URL("function-host.mjs", import.meta.url)), {
    env: {
      ...environment,
      _HANDLER: "index.handler",
      LAMBDA_TASK_ROOT: taskRoot,
      // The files in ~/.aws must not apply: a function has none.
      HOME: taskRoot,
      // The SDK's advice on Node versions is for who updates it, not for who plays events.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    },
    // Without the loaders that run this TypeScript: the function must do without.
    execArgv: [],
    stdio: ["ignore", onLogLine === undefined ? "ignore" : "pipe", "inherit", "ipc"],
  });
  signal.addEventListener("abort", () => {
    // What it has asked of the table is still being answered: an event under way may end, unless it hangs.
    const kill = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
    child.once("exit", () => {
      clearTimeout(kill);
    });
  });
  // Killed, or not to be reached any more: its end, which follows, tells.
  child.on("error", () => undefined);
  return child;
};

const GRACE_MS = 1000;

const forwardLines = async (
  { stdout }: ChildProcess,
  onLogLine: LambdaFunctionOptions["onLogLine"],
): Promise<void> => {
  if (stdout === null || onLogLine === undefined) return;
  for await (const { text } of linesOf(stdout.setEncoding("utf8"))) onLogLine(text);
};

type HostMessage = InvocationResult | { readonly kind: "ready" };

/** What the host says next; a failure when it ends instead. */
const nextMessage = (child: ChildProcess): Promise<HostMessage> =>
  new Promise((resolve) => {
    const settle = (message: HostMessage): void => {
      child.off("message", onMessage);
      child.off("exit", onExit);
      resolve(message);
    };
    const onMessage = (message: unknown): void => {
      settle(isHostMessage(message) ? message : gone(child));
    };
    const onExit = (): void => {
      settle(gone(child));
    };
    child.on("message", onMessage);
    child.on("exit", onExit);
  });

const isHostMessage = (message: unknown): message is HostMessage =>
  typeof message === "object" &&
  message !== null &&
  "kind" in message &&
  (message.kind === "ready" || message.kind === "answered" || message.kind === "failed");

const gone = ({ exitCode, signalCode }: ChildProcess): Failed => ({
  kind: "failed",
  error: {
    name: "FunctionEnded",
    message: `The function's process has ended (${signalCode ?? `exit code ${exitCode ?? "unknown"}`})`,
  },
});
