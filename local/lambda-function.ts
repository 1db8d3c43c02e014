import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Answer } from "../handler/answer.ts";
import type { AwsCall, AwsReply } from "./aws-call.ts";
import { FunctionStartError } from "./errors.ts";
import { linesOf } from "./input/lines.ts";
import type { LentRow, ReturnedRow } from "./lent-row.ts";

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

export interface ProcessUsage {
  /** The processor's time for events, in milliseconds. */
  readonly cpuMs: number;
  /** The most memory that it has had, in bytes. */
  readonly maxRssBytes: number;
  /** Of the time for events, what answering the function as DynamoDB took, in milliseconds. */
  readonly dynamoDbMs: number;
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
  readonly answer: (call: AwsCall) => AwsReply | Promise<AwsReply>;
  /** How many requests this function has cost so far, but for those about rows that it was lent. */
  readonly requestCount: () => number;
  /** Undefined where nothing is lent. */
  readonly rows: LendingTable | undefined;
}

/** A table of which the function's process may answer for a row by itself. */
export interface LendingTable {
  /** The file that the process loads for it, as lent-table-bundle.ts writes it. */
  readonly bundle: string;
  readonly host: string;
  readonly tableName: string;
  readonly lend: (tenantId: string) => LentRow | undefined;
  readonly takeBack: (row: LentRow, item: unknown) => void;
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
  /** Of an event, where its tenant's row was lent. */
  readonly returned?: ReturnedRow | undefined;
};

/** The last that the host says, where an event ends its process. */
interface EndingMessage {
  readonly kind: "ending";
  readonly returned?: ReturnedRow | undefined;
}

interface CallMessage extends AwsCall {
  readonly kind: "call";
  readonly id: number;
}

interface Conversation {
  say(
    message:
      { readonly payload: string; readonly lent: LentRow | undefined } | (AwsReply & Pick<CallMessage, "id">),
  ): void;
  /**
   * What the host says next, of what nobody waits for yet; a failure when it ends instead.
   * @param lent what comes back with it.
   */
  next(lent?: LentRow): Promise<{ readonly kind: "ready" } | InvocationResult>;
  readonly usage: () => ProcessUsage;
}

/** Answers what the host asks. What there is to say at once is said together: each message costs both processes time. */
const converse = (child: ChildProcess, services: LocalServices | undefined): Conversation => {
  const waiting: {
    readonly lent: LentRow | undefined;
    readonly resolve: (message: HostMessage & { readonly requests: number }) => void;
  }[] = [];
  let first: ProcessUsage | undefined;
  let latest: ProcessUsage = { cpuMs: 0, maxRssBytes: 0, dynamoDbMs: 0 };
  let requests = 0;
  let ending: ReturnedRow | undefined;
  let outbox: object[] = [];

  /** Here, and not where it is waited for: the next event may be asking already. */
  const settle = ({ usage, returned, ...message }: HostMessage): void => {
    if (usage !== undefined) latest = usage;
    first ??= latest;
    const before = requests;
    requests = services?.requestCount() ?? 0;
    const next = waiting.shift();
    if (next?.lent !== undefined) services?.rows?.takeBack(next.lent, returned?.item);
    next?.resolve({ ...message, requests: requests - before + (returned?.requests ?? 0) });
  };
  const say: Conversation["say"] = (message) => {
    if (outbox.push(message) > 1) return;
    setImmediate(() => {
      if (child.connected) child.send(outbox);
      outbox = [];
    });
  };
  const hear = (message: unknown): void => {
    if (!isHostMessage(message)) settle(gone(child));
    else if (message.kind === "ending") ending = message.returned;
    else if (message.kind !== "call") settle(message);
    else if (services !== undefined) {
      const reply = services.answer(message);
      if ("then" in reply)
        void reply.then((late) => {
          say({ id: message.id, ...late });
        });
      else say({ id: message.id, ...reply });
    }
  };
  child.on("message", (messages) => {
    for (const message of Array.isArray(messages) ? (messages as unknown[]) : [messages]) hear(message);
  });
  let hasEnded = false;
  // What it said before its end may come after the news of it.
  void Promise.all(
    ["exit", "disconnect"].map((event) => new Promise((resolve) => child.once(event, resolve))),
  ).then(() => {
    hasEnded = true;
    while (waiting.length > 0) {
      settle({ ...gone(child), returned: ending });
      ending = undefined;
    }
  });
  return {
    say,
    next: (lent) =>
      new Promise((resolve) => {
        waiting.push({ lent, resolve });
        if (hasEnded) settle(gone(child));
      }),
    usage: () => ({ ...latest, cpuMs: latest.cpuMs - (first?.cpuMs ?? 0) }),
  };
};

const isHostMessage = (message: unknown): message is HostMessage | CallMessage | EndingMessage =>
  typeof message === "object" &&
  message !== null &&
  "kind" in message &&
  (message.kind === "call" ||
    message.kind === "ending" ||
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
