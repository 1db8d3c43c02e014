import { expect } from "chai";
import { createLanes } from "../../local/lanes.ts";

describe("Lanes", () => {
  let log: string[];
  let finish: Map<string, (error?: Error) => void>;
  beforeEach(() => {
    log = [];
    finish = new Map();
  });

  const work = (name: string) => (): Promise<string> => {
    log.push(name);
    return new Promise((resolve, reject) => {
      finish.set(name, (error) => {
        if (error === undefined) resolve(name);
        else reject(error);
      });
    });
  };
  /** All that can go on has gone on. */
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const end = async (name: string, error?: Error): Promise<void> => {
    finish.get(name)?.(error);
    await settled();
  };

  it("run side by side, and each one after another", async () => {
    const lanes = createLanes();
    const all = [
      lanes.run("a", work("a1")),
      lanes.run("a", work("a2")),
      lanes.run("b", work("b1")),
      lanes.run("a", work("a3")),
    ];
    await settled();
    expect(log).to.deep.equal(["a1", "b1"]);
    await end("a1");
    expect(log).to.deep.equal(["a1", "b1", "a2"]);
    await end("a2");
    await end("a3");
    await end("b1");
    expect(await Promise.all(all)).to.deep.equal(["a1", "a2", "b1", "a3"]);
  });

  it("wait for work without a lane, which waits for all before it", async () => {
    const lanes = createLanes();
    const all = [
      lanes.run("a", work("a1")),
      lanes.run("b", work("b1")),
      lanes.run(undefined, work("alone")),
      lanes.run("a", work("a2")),
      lanes.run("c", work("c1")),
    ];
    await settled();
    await end("a1");
    expect(log).to.deep.equal(["a1", "b1"]);
    await end("b1");
    expect(log).to.deep.equal(["a1", "b1", "alone"]);
    await end("alone");
    expect(log).to.deep.equal(["a1", "b1", "alone", "a2", "c1"]);
    await end("a2");
    await end("c1");
    await Promise.all(all);
  });

  it("go on after work that has failed", async () => {
    const lanes = createLanes();
    const failing = lanes.run("a", work("a1")).catch((error: unknown) => error);
    const next = lanes.run("a", work("a2"));
    await settled();
    await end("a1", new Error("it broke"));
    expect(await failing).to.have.property("message", "it broke");
    await end("a2");
    expect(await next).to.equal("a2");
  });
});
