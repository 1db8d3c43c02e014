import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import {
  converse,
  gone,
  type InvocationResult,
  type LocalServices,
  type ProcessUsage,
} from "./conversation.ts";
import { FunctionStartError } from "./errors.ts";
import { linesOf } from "./input/lines.ts";

/** The function in a process of its own, one event at a time. */
export interface LambdaFunction {
  /**
   * Events that are given to it before it is done with others wait for them, in its process.
   * @param payload the event's JSON text.
   * @param tenantId whose row is lent to the function for as long as the event takes; undefined where it is not known, or where
   * others may need the row.
   */
  invoke(payload: string, tenantId?: string): Promise<InvocationResult>;
  /** What its process has used since it was started, as of a moment ago. */
  usage(): ProcessUsage;
  /** Ends the process, once its log lines are through. */
  close(): Promise<void>;
}

export interface LambdaFunctionOptions {
  /** The folder with the unpacked zip. */
  readonly taskRoot: string;
  /** The function's environment variables; it sees no others. */
  readonly environment: Readonly<Record<string, string>>;
  /** AWS services that are part of this process; it reaches others over the network. */
  readonly services: LocalServices | undefined;
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
  const conversation = converse(child, options.services);

  const first = await conversation.next();
  if (first.kind === "failed") {
    if (child.connected) child.disconnect();
    await ended;
    throw new FunctionStartError(`The function did not start: ${first.error.name}: ${first.error.message}`);
  }

  return {
    invoke: async (payload, tenantId) => {
      const lent = tenantId === undefined ? undefined : options.services?.rows?.lend(tenantId);
      conversation.say({ payload, lent });
      const answered = await conversation.next(lent);
      return answered.kind === "ready" ? { ...gone(child), requests: 0 } : answered;
    },
    usage: conversation.usage,
    close: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
};

const startHost = ({
  taskRoot,
  environment,
  services,
  onLogLine,
  signal,
}: LambdaFunctionOptions): ChildProcess => {
  const { hosts = [], rows } = services ?? {};
  const told = { hosts, rows: rows && { bundle: rows.bundle, host: rows.host, tableName: rows.tableName } };
  const child = fork(fileURLToPath(new URL("function-host.mjs", import.meta.url)), [JSON.stringify(told)], {
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
  const windDown = (): void => {
    // What it has asked of the table is still being answered: an event under way may end, unless it hangs.
    const kill = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
    child.once("exit", () => {
      clearTimeout(kill);
    });
  };
  if (signal.aborted) windDown();
  else signal.addEventListener("abort", windDown);
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
