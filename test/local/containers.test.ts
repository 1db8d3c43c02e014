import { expect } from "chai";
import { openContainers } from "../../local/containers.ts";
import type { InvocationResult, LambdaFunction } from "../../local/lambda-function.ts";

const ENDED: InvocationResult = { kind: "failed", error: { name: "FunctionEnded", message: "exit code 3" } };

describe("Containers", () => {
  let started: string[];
  let closed: string[];
  beforeEach(() => {
    started = [];
    closed = [];
  });

  const start = (accessKeyId: string, result: InvocationResult = ENDED): Promise<LambdaFunction> => {
    started.push(accessKeyId);
    return Promise.resolve({
      invoke: () => Promise.resolve(result),
      close: () => {
        closed.push(accessKeyId);
        return Promise.resolve();
      },
    });
  };
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it("are one for each that is in use at once, as many as there may be", async () => {
    const containers = await openContainers({ start, most: 2, usesBeforeNext: 1 });
    let release: (() => void) | undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const users: string[] = [];
    const uses = [1, 2, 3].map(() =>
      containers.use(async ({ accessKeyId }) => {
        users.push(accessKeyId);
        await held;
      }),
    );
    await settled();
    expect(users).to.deep.equal(["local-1", "local-2"]);
    release?.();
    await Promise.all(uses);
    expect(users).to.have.length(3);
    await containers.close();
    expect(closed).to.deep.equal(["local-1", "local-2"]);
  });

  it("are one as long as there is little to do", async () => {
    const containers = await openContainers({ start, most: 2, usesBeforeNext: 3 });
    const use = (): Promise<void> => containers.use(settled);
    await Promise.all([use(), use()]);
    expect(started).to.deep.equal(["local-1"]);
    await Promise.all([use(), use()]);
    expect(started).to.deep.equal(["local-1", "local-2"]);
  });

  it("all say so once the process of one has ended", async () => {
    const containers = await openContainers({
      start: (key) =>
        start(key, key === "local-1" ? ENDED : { kind: "failed", error: { name: "a", message: "b" } }),
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
      start: (key) => (key === "local-1" ? start(key) : Promise.reject(new Error("no room"))),
      most: 2,
      usesBeforeNext: 1,
    });
    await Promise.all([containers.use(settled), containers.use(settled)]);
    expect(await containers.use(settled).catch((error: unknown) => error)).to.have.property(
      "message",
      "no room",
    );
    await containers.close();
    expect(closed).to.deep.equal(["local-1"]);
  });
});
