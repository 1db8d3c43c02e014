import { expect } from "chai";
import fc from "fast-check";
import { runInLanes } from "../../../ops/dlq/lanes.ts";

describe("lanes", () => {
  const laneOf = (item: string): string => item.charAt(0);

  it("run every item once, those of one lane in order and never side by side, few lanes at a time", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        fc.scheduler(),
        async (lanes, concurrency, scheduler) => {
          const items = lanes.map((lane, index) => `${lane}${index}`);
          const done: string[] = [];
          const running: string[] = [];
          const finished = runInLanes(
            items,
            { laneOf, concurrency, isStopped: () => false },
            async (item) => {
              expect(running.map(laneOf)).not.to.include(laneOf(item));
              running.push(item);
              expect(running.length).to.be.at.most(concurrency);
              await scheduler.schedule(Promise.resolve(), item);
              running.splice(running.indexOf(item), 1);
              done.push(item);
            },
          );
          expect(await scheduler.waitFor(finished)).to.deep.equal([]);
          for (const lane of ["a", "b", "c"]) {
            const of = (all: readonly string[]) => all.filter((item) => laneOf(item) === lane);
            expect(of(done)).to.deep.equal(of(items));
          }
        },
      ),
    ));

  it("begin nothing more once stopped, and say what was not begun", async () => {
    const done: string[] = [];
    const left = await runInLanes(
      ["a1", "b1", "a2"],
      { laneOf, concurrency: 1, isStopped: () => done.length === 1 },
      (item) => {
        done.push(item);
        return Promise.resolve();
      },
    );
    expect(done).to.deep.equal(["a1"]);
    expect(left).to.deep.equal(["b1", "a2"]);
  });

  it("see what was begun to its end when one fails", async () => {
    const done: string[] = [];
    let finish = (): void => undefined;
    const slow = new Promise<void>((resolve) => (finish = resolve));
    const trouble = new Error("trouble");
    const outcome = runInLanes(
      ["a1", "b1"],
      { laneOf, concurrency: 2, isStopped: () => false },
      async (item) => {
        if (item === "b1") throw trouble;
        await slow;
        done.push(item);
      },
    ).catch((error: unknown) => error);
    finish();
    expect(await outcome).to.equal(trouble);
    expect(done).to.deep.equal(["a1"]);
  });
});
