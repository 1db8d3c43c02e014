import { SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { HeldMessages, VISIBILITY_SECONDS } from "../../../ops/dlq/held-messages.ts";
import { LocalQueue } from "../local-queue.ts";

/** The real client, whose requests go to a queue in memory. */
const clientOf = (queue: LocalQueue): SQSClient => {
  const client = new SQSClient({
    region: "af-south-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    md5: false,
    useQueueUrlAsEndpoint: false,
  });
  client.middlewareStack.add(
    (_next, context) => async (args) => ({
      output: {
        $metadata: {},
        ...(await queue.act(String(context.commandName).replace(/Command$/, ""), {
          ...args.input,
        })),
      },
      response: undefined,
    }),
    { step: "build", priority: "high" },
  );
  return client;
};

const deferred = (): { readonly promise: Promise<void>; readonly resolve: () => void } => {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
};

describe("held messages", () => {
  it("stay hidden from everyone else however long the work takes", async () => {
    const queue = new LocalQueue();
    queue.send("event");
    const seenByOthers: number[] = [];
    const received = deferred();
    const worked = deferred();
    const held = new HeldMessages(clientOf(queue), "https://sqs.af-south-1.amazonaws.com/queue", {
      now: () => new Date(0),
      wait: (milliseconds, signal) =>
        new Promise<void>((resolve, reject) => {
          if (seenByOthers.length === 20) {
            worked.resolve();
            signal.addEventListener("abort", () => {
              reject(new DOMException("stopped", "AbortError"));
            });
            return;
          }
          void received.promise.then(() => {
            queue.elapse(milliseconds / 1000);
            seenByOthers.push(queue.visible);
            resolve();
          });
        }),
    });
    expect(await held.receive(10)).to.have.length(1);
    received.resolve();
    await worked.promise;
    expect(seenByOthers).to.deep.equal(Array<number>(20).fill(0));
    expect(await held.release()).to.equal(1);
    expect(queue.visible, "given back").to.equal(1);
  });

  it("come back by themselves after a crash", async () => {
    const queue = new LocalQueue();
    queue.send("event");
    const held = new HeldMessages(clientOf(queue), "https://sqs.af-south-1.amazonaws.com/queue", {
      now: () => new Date(0),
      // The process does nothing any more.
      wait: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            reject(new DOMException("stopped", "AbortError"));
          });
        }),
    });
    await held.receive(10);
    queue.elapse(VISIBILITY_SECONDS - 1);
    expect(queue.visible).to.equal(0);
    queue.elapse(1);
    expect(queue.visible).to.equal(1);
    await held.release();
  });
});
