import type { ChildProcess } from "node:child_process";
import type { Answer } from "../handler/answer.ts";
import type { AwsCall, AwsReply } from "./aws-call.ts";
import type { LentRow, ReturnedRow } from "./lent-row.ts";

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

/** Between this process and that of a function: function-host.mjs. */
export interface Conversation {
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
export const converse = (child: ChildProcess, services: LocalServices | undefined): Conversation => {
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

/** What comes of an event whose function is gone. */
export const gone = ({ exitCode, signalCode }: ChildProcess): Failed => ({
  kind: "failed",
  error: {
    name: "FunctionEnded",
    message: `The function's process has ended (${signalCode ?? `exit code ${exitCode ?? "unknown"}`})`,
  },
});
