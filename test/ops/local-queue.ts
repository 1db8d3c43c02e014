import { createHash, randomUUID } from "node:crypto";

const ACCOUNT = "536580886816";

/** A message as the stub keeps it. */
interface Stored {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  receipts: number;
  visibleAt: number;
}

type Input = Readonly<Record<string, unknown>>;

/**
 * An SQS standard queue in memory, down to what matters for reading it: no order (the youngest comes first here),
 * visibility timeouts, receipt handles of which only the last counts. Its time passes when it is told so.
 */
export class LocalQueue {
  #messages: Stored[] = [];
  #now = 0;
  /** Where it is served: the SDK sends requests to the host that a queue's URL names. */
  origin = "";
  /** Awaited before a message is deleted. */
  beforeDelete: (body: string) => Promise<void> = () => Promise.resolve();
  /** Called when messages were handed out. */
  afterReceive: () => void = () => undefined;

  /** Parks a message; its id. */
  send(body: unknown, attributes: Readonly<Record<string, string>> = {}): string {
    const id = randomUUID();
    const text = typeof body === "string" ? body : JSON.stringify(body);
    this.#messages.unshift({ id, body: text, attributes, receipts: 0, visibleAt: 0 });
    return id;
  }

  elapse(seconds: number): void {
    this.#now += seconds;
  }

  /** The ids of all messages, visible or not. */
  get ids(): string[] {
    return this.#messages.map(({ id }) => id);
  }

  get visible(): number {
    return this.#visible().length;
  }

  /** Carries out an action of the SQS API; undefined for one that it does not know. */
  async act(action: string, input: Input): Promise<object | undefined> {
    switch (action) {
      case "GetQueueUrl":
        return { QueueUrl: `${this.origin}/${ACCOUNT}/${String(input["QueueName"])}` };
      case "GetQueueAttributes":
        return {
          Attributes: {
            ApproximateNumberOfMessages: String(this.visible),
            ApproximateNumberOfMessagesNotVisible: String(this.#messages.length - this.visible),
          },
        };
      case "ReceiveMessage":
        return this.#receive(Number(input["MaxNumberOfMessages"]), Number(input["VisibilityTimeout"]));
      case "DeleteMessage":
        return this.#delete(String(input["ReceiptHandle"]));
      case "ChangeMessageVisibilityBatch":
        return this.#changeVisibility(input["Entries"] as Input[]);
      default:
        return undefined;
    }
  }

  #visible(): Stored[] {
    return this.#messages.filter(({ visibleAt }) => visibleAt <= this.#now);
  }

  #receive(most: number, timeout: number): object {
    const received = this.#visible().slice(0, most);
    const messages = received.map((message) => {
      message.receipts++;
      message.visibleAt = this.#now + timeout;
      return {
        MessageId: message.id,
        ReceiptHandle: handleOf(message),
        Body: message.body,
        MD5OfBody: createHash("md5").update(message.body).digest("hex"),
        MessageAttributes: Object.fromEntries(
          Object.entries(message.attributes).map(([name, StringValue]) => [
            name,
            { DataType: "String", StringValue },
          ]),
        ),
        Attributes: { SentTimestamp: "1772359200000", ApproximateReceiveCount: String(message.receipts) },
      };
    });
    this.afterReceive();
    return { Messages: messages };
  }

  async #delete(receiptHandle: string): Promise<object> {
    const message = this.#messages.find((stored) => handleOf(stored) === receiptHandle);
    if (message !== undefined) await this.beforeDelete(message.body);
    this.#messages = this.#messages.filter((stored) => stored !== message);
    return {};
  }

  #changeVisibility(entries: readonly Input[]): object {
    const results = entries.map(({ Id, ReceiptHandle, VisibilityTimeout }) => {
      const message = this.#messages.find((stored) => handleOf(stored) === ReceiptHandle);
      const isInFlight = message !== undefined && message.visibleAt > this.#now;
      if (isInFlight) message.visibleAt = this.#now + Number(VisibilityTimeout);
      return { Id, isInFlight };
    });
    return {
      Successful: results.filter(({ isInFlight }) => isInFlight).map(({ Id }) => ({ Id })),
      Failed: results
        .filter(({ isInFlight }) => !isInFlight)
        .map(({ Id }) => ({ Id, SenderFault: true, Code: "MessageNotInflight", Message: "not in flight" })),
    };
  }
}

const handleOf = ({ id, receipts }: Stored): string => `${id}#${receipts}`;
