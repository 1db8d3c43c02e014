import { expect } from "chai";
import { type LocalContainer, openContainers } from "../../local/containers.ts";
import type { InvocationResult } from "../../local/conversation.ts";
import type { LambdaFunction } from "../../local/lambda-function.ts";

const ENDED: InvocationResult = {
  kind: "failed",
  error: { name: "FunctionEnded", message: "exit code 3" },
  requests: 0,
};

describe("Containers", () => {
  let started: string[];
  let closed: string[];
  beforeEach(() => {
    started = [];
    closed = [];
  });

  const start = (name: string, result: InvocationResult = ENDED): Promise<LambdaFunction> => {
    started.push(name);
    return Promise.resolve({
      invoke: () => Promise.resolve(result),
      usage: () => ({ cpuMs: 10, maxRssBytes: name.length, dynamoDbMs: 4 }),
      close: () => {
        closed.push(name);
        return Promise.resolve();
      },
    });
  };
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it("are one for each that is in use at once, as many as there may be", async () => {
    const containers = await openContainers({ start, most: 2, usesBeforeNext: 1 });
    let release: (() => void) | undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const used: LocalContainer[] = [];
    const uses = [1, 2, 3].map(() =>
      containers.use(async (container) => {
        used.push(container);
        await held;
      }),
    );
    await settled();
    expect(used).to.have.length(2);
    expect(new Set(used)).to.have.property("size", 2);
    release?.();
    await Promise.all(uses);
    expect(used).to.have.length(3);
    await containers.close();
    expect(closed).to.deep.equal(["container 1", "container 2"]);
  });

  it("are one as long as there is little to do", async () => {
    const containers = await openContainers({ start, most: 2, usesBeforeNext: 3 });
    const use = (): Promise<void> => containers.use(settled);
    await Promise.all([use(), use()]);
    expect(started).to.deep.equal(["container 1"]);
    await Promise.all([use(), use()]);
    expect(started).to.deep.equal(["container 1", "container 2"]);
  });

  it("are each given the next event before they are done with one, where that is wanted, and the idle one first", async () => {
    const containers = await openContainers({ start, most: 2, usesBeforeNext: 1, eventsAtHand: 2 });
    const given = new Map<LocalContainer, number>();
    const counts = (): number[] => [...given.values()];
    const releases: (() => void)[] = [];
    const uses = [1, 2, 3, 4, 5, 6].map(() =>
      containers.use((container) => {
        given.set(container, (given.get(container) ?? 0) + 1);
        return new Promise<void>((resolve) => releases.push(resolve));
      }),
    );
    await settled();
    expect(counts()).to.deep.equal([2, 2]);
    releases[0]?.();
    await settled();
    expect(counts().toSorted()).to.deep.equal([2, 3]);
    while (counts().reduce((sum, count) => sum + count, 0) < 6) {
      for (const release of releases) release();
      await settled();
    }
    for (const release of releases) release();
    await Promise.all(uses);
    expect(containers.usedMs()).to.be.above(0);
  });

  it("all say so once the process of one has ended", async () => {
    const containers = await openContainers({
      start: (key) =>
        start(
          key,
          key === "container 1" ? ENDED : { kind: "failed", error: { name: "a", message: "b" }, requests: 0 },
        ),
      most: 2,
      usesBeforeNext: 1,
    });
    const invoke = (): Promise<InvocationResult> => containers.use(({ invoke: send }) => send("{}"));
    await Promise.all([invoke(), invoke()]);
    const again = await Promise.all([invoke(), invoke(), invoke()]);
    expect(started).to.have.length(2);
    expect(again).to.deep.equal([ENDED, ENDED, ENDED]);
  });

  it("reject what comes after one that could not be started", async () => {
    const containers = await openContainers({
      start: (key) => (key === "container 1" ? start(key) : Promise.reject(new Error("no room"))),
      most: 2,
      usesBeforeNext: 1,
    });
    await Promise.all([containers.use(settled), containers.use(settled)]);
    expect(await containers.use(settled).catch((error: unknown) => error)).to.have.property(
      "message",
      "no room",
    );
    await containers.close();
    expect(closed).to.deep.equal(["container 1"]);
  });
});
