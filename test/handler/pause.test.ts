import { expect } from "chai";
import { pause } from "../../handler/pause.ts";

describe("a pause", () => {
  const outcomeOf = (waiting: Promise<void>): Promise<string> =>
    waiting.then(
      () => "over",
      (error: unknown) => (error instanceof Error ? error.name : "no error"),
    );

  it("lasts as long as it is told to", async () => {
    const before = performance.now();
    await pause(30, new AbortController().signal);
    expect(performance.now() - before).to.be.at.least(29);
  });

  it("ends with the signal", async () => {
    expect(await outcomeOf(pause(60_000, AbortSignal.abort()))).to.equal("AbortError");
    const controller = new AbortController();
    const waiting = outcomeOf(pause(60_000, controller.signal));
    controller.abort();
    expect(await waiting).to.equal("AbortError");
  });
});
