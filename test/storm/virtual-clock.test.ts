import { expect } from "chai";
import { VirtualClock } from "../../storm/virtual-clock.ts";

describe("the storm's clock", () => {
  const START = Date.parse("2026-03-01T10:00:00Z");

  it("lets hours pass at once, timers firing in order and each at its time", async () => {
    const clock = new VirtualClock(START);
    const fired: string[] = [];
    const note = (name: string) => (): void => {
      fired.push(`${name} at ${clock.now() - START}`);
    };
    for (const [name, milliseconds] of [
      ["late", 7_200_000],
      ["first", 10],
      ["second", 10],
      ["early", 5],
    ] as const) {
      clock.after(milliseconds, note(name));
    }
    const takeBack = clock.after(20, note("taken back"));
    takeBack();
    await clock.until(new Promise<void>((resolve) => clock.after(8_000_000, resolve)));
    expect(fired).to.deep.equal(["early at 5", "first at 10", "second at 10", "late at 7200000"]);
  });

  it("stands still while promises settle", async () => {
    const clock = new VirtualClock(START);
    const work = (async () => {
      for (let turn = 0; turn < 1000; turn++) await Promise.resolve();
      return clock.now();
    })();
    clock.after(1, () => undefined);
    await clock.until(work);
    expect(await work).to.equal(START);
  });

  it("says so when nothing is left to wait for", async () => {
    const clock = new VirtualClock(START);
    const failure: unknown = await clock.until(new Promise(() => undefined)).catch((error: unknown) => error);
    expect(failure).to.be.an("error").with.property("message").that.contains("has come to an end");
  });

  it("passes a failure on", async () => {
    const clock = new VirtualClock(START);
    const failure: unknown = await clock
      .until(Promise.reject(new Error("as told")))
      .catch((error: unknown) => error);
    expect(failure).to.be.an("error").with.property("message", "as told");
  });
});
