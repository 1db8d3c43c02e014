import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Answer } from "../handler/answer.ts";
import type { AwsCall, AwsReply } from "./aws-call.ts";
import { FunctionStartError } from "./errors.ts";
import { linesOf } from "./input/lines.ts";

/** The function in a process of its own, one event at a time. */
export interface LambdaFunction {
  /**
   * Events that are given to it before it is done with others wait for them, in its process.
   * @param payload the event's JSON text.
   */
  invoke(payload: string): Promise<InvocationResult>;
  /** What its process has used since it was started, as of a moment ago. */
  usage(): ProcessUsage;
  /** Ends the process, once its log lines are through. */
  close(): Promise<void>;
}

export interface ProcessUsage {
  /** The processor's time for events, in milliseconds. */
  readonly cpuMs: number;
  /** The most memory that it has had, in bytes. */
  readonly maxRssBytes: number;
}

/** What came of an event: the handler's answer, or what it threw. */
export type InvocationResult = (Answered | Failed) & {
  /** How many requests it cost, of those that `services` counts. */
  readonly requests: number;
};

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
  /** AWS services that are part of this process; it reaches others over the network. */
  readonly services: LocalServices | undefined;
  /** Undefined where its log lines are for nobody. */
  readonly onLogLine: ((line: string) => void) | undefined;
  /** Once aborted, the process has a second left for the event that it is about. */
  readonly signal: AbortSignal;
}

export interface LocalServices {
  readonly hosts: readonly string[];
  readonly answer: (call: AwsCall) => AwsReply;
  /** How many requests this function has cost so far. */
  readonly requestCount: () => number;
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
    invoke: async (payload) => {
      conversation.say({ payload });
      const answered = await conversation.next();
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
  const child = fork(fileURLToPath(new URL("function-host.mjs", import.meta.url)), services?.hosts ?? [], {
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

type HostMessage = ({ readonly kind: "ready" } | Answered | Failed) & {
  readonly usage?: ProcessUsage;
};

interface CallMessage extends AwsCall {
  readonly kind: "call";
  readonly id: number;
}

interface Conversation {
  say(message: { readonly payload: string } | (AwsReply & Pick<CallMessage, "id">)): void;
  /** What the host says next, of what nobody waits for yet; a failure when it ends instead. */
  next(): Promise<{ readonly kind: "ready" } | InvocationResult>;
  readonly usage: () => ProcessUsage;
}

/** Answers what the host asks. What there is to say at once is said together: each message costs both processes time. */
const converse = (child: ChildProcess, services: LocalServices | undefined): Conversation => {
  const waiting: ((message: HostMessage & { readonly requests: number }) => void)[] = [];
  let first: ProcessUsage | undefined;
  let latest: ProcessUsage = { cpuMs: 0, maxRssBytes: 0 };
  let requests = 0;
  let outbox: object[] = [];

  /** Here, and not where it is waited for: the next event may be asking already. */
  const settle = ({ usage, ...message }: HostMessage): void => {
    if (usage !== undefined) latest = usage;
    first ??= latest;
    const before = requests;
    requests = services?.requestCount() ?? 0;
    waiting.shift()?.({ ...message, requests: requests - before });
  };
  const say: Conversation["say"] = (message) => {
    if (outbox.push(message) > 1) return;
    setImmediate(() => {
      if (child.connected) child.send(outbox);
      outbox = [];
    });
  };
  child.on("message", (message) => {
    if (!isHostMessage(message)) settle(gone(child));
    else if (message.kind !== "call") settle(message);
    else if (services !== undefined) say({ id: message.id, ...services.answer(message) });
  });
  let hasEnded = false;
  // What it said before its end may come after the news of it.
  void Promise.all(
    ["exit", "disconnect"].map((event) => new Promise((resolve) => child.once(event, resolve))),
  ).then(() => {
    hasEnded = true;
    while (waiting.length > 0) settle(gone(child));
  });
  return {
    say,
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        if (hasEnded) settle(gone(child));
      }),
    usage: () => ({ ...latest, cpuMs: latest.cpuMs - (first?.cpuMs ?? 0) }),
  };
};

const isHostMessage = (message: unknown): message is HostMessage | CallMessage =>
  typeof message === "object" &&
  message !== null &&
  "kind" in message &&
  (message.kind === "call" ||
    message.kind === "ready" ||
    message.kind === "answered" ||
    message.kind === "failed");

const gone = ({ exitCode, signalCode }: ChildProcess): Failed => ({
  kind: "failed",
  error: {
    name: "FunctionEnded",
    message: `The function's process has ended (${signalCode ?? `exit code ${exitCode ?? "unknown"}`})`,
  },
});
