import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { isAborted } from "../../checklist/errors.ts";
import type { Clock } from "../../checklist/clock.ts";
import type { RawMessage } from "./unwrap.ts";

export interface ReceivedMessage extends RawMessage {
  readonly messageId: string;
  /** When it was parked, as SQS tells: ISO 8601. */
  readonly sentAt: string | undefined;
  /** How often it was received, this time included. */
  readonly receiveCount: number;
}

/** How long a message stays hidden from others; longer than a crashed run should keep it from the next one. Seconds. */
export const VISIBILITY_SECONDS = 120;
const HEARTBEAT_MS = (VISIBILITY_SECONDS * 1000) / 3;
/** The most that SQS takes in one request. */
export const BATCH = 10;
/** An answer to a short poll may be empty though there are messages; a long poll asks all of SQS's servers. Seconds. */
const POLL_SECONDS = 2;

/**
 * The messages of a queue that are ours for now: hidden from everyone else, and kept so by a heartbeat, until they are
 * deleted or released. When this process dies they show up again after VISIBILITY_SECONDS.
 */
export class HeldMessages {
  readonly #receiptHandles = new Map<string, string>();
  readonly #stopped = new AbortController();
  readonly #lost = new AbortController();
  readonly #heartbeat: Promise<void>;

  constructor(
    private readonly sqs: SQSClient,
    private readonly queueUrl: string,
    private readonly clock: Clock,
  ) {
    this.#heartbeat = this.#beat();
  }

  get size(): number {
    return this.#receiptHandles.size;
  }

  /** Aborted, with the error as its reason, when SQS can no longer be told that the messages are ours. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Takes up to `most` further messages; none when the queue has no more. */
  async receive(most: number): Promise<readonly ReceivedMessage[]> {
    for (;;) {
      const { Messages: messages = [] } = await this.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: this.queueUrl,
          MaxNumberOfMessages: Math.min(BATCH, most),
          VisibilityTimeout: VISIBILITY_SECONDS,
          WaitTimeSeconds: POLL_SECONDS,
          MessageAttributeNames: ["All"],
          MessageSystemAttributeNames: ["SentTimestamp", "ApproximateReceiveCount"],
        }),
      );
      // SQS may deliver one twice; the later receipt handle is the one that counts.
      const fresh = messages.filter(({ MessageId: id = "" }) => !this.#receiptHandles.has(id));
      for (const { MessageId: id = "", ReceiptHandle: handle = "" } of messages)
        this.#receiptHandles.set(id, handle);
      if (fresh.length > 0 || messages.length === 0) return fresh.map(readMessage);
    }
  }

  async delete(messageId: string): Promise<void> {
    const ReceiptHandle = this.#receiptHandles.get(messageId);
    await this.sqs.send(new DeleteMessageCommand({ QueueUrl: this.queueUrl, ReceiptHandle }));
    this.#receiptHandles.delete(messageId);
  }

  /** Stops the heartbeat and gives back what is still held; returns how many messages that were. */
  async release(): Promise<number> {
    this.#stopped.abort();
    await this.#heartbeat;
    const { size } = this;
    await this.#setVisibility(0);
    this.#receiptHandles.clear();
    return size;
  }

  async #beat(): Promise<void> {
    const { signal } = this.#stopped;
    try {
      for (;;) {
        await this.clock.wait(HEARTBEAT_MS, signal);
        await this.#setVisibility(VISIBILITY_SECONDS);
      }
    } catch (error) {
      if (!(signal.aborted && isAborted(error))) this.#lost.abort(error);
    }
  }

  /**
   * A message that SQS does not know as ours any more has become visible again: another consumer may work on it as
   * well. As the handler takes any event any number of times, that is no reason to stop.
   */
  async #setVisibility(seconds: number): Promise<void> {
    const handles = [...this.#receiptHandles.values()];
    for (let first = 0; first < handles.length; first += BATCH) {
      await this.sqs.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: this.queueUrl,
          Entries: handles.slice(first, first + BATCH).map((ReceiptHandle, index) => ({
            Id: String(index),
            ReceiptHandle,
            VisibilityTimeout: seconds,
          })),
        }),
      );
    }
  }
}

const readMessage = ({
  MessageId: messageId = "",
  Body: body = "",
  MessageAttributes: attributes = {},
  Attributes: system = {},
}: Message): ReceivedMessage => ({
  messageId,
  body,
  attributes: Object.fromEntries(
    Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue ?? ""]),
  ),
  sentAt:
    system.SentTimestamp === undefined ? undefined : new Date(Number(system.SentTimestamp)).toISOString(),
  receiveCount: Number(system.ApproximateReceiveCount ?? 1),
});
