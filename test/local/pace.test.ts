import { expect } from "chai";
import { createPace, dueInMs } from "../../local/pace.ts";

describe("The pace of a playback", () => {
  const start = { eventMs: 60_000, atMs: 500 };

  it("shortens the gap between events by the speed", () => {
    expect(dueInMs(start, 120_000, 1, 500)).to.equal(60_000);
    expect(dueInMs(start, 120_000, 30, 500)).to.equal(2000);
  });

  it("takes into account how long the events so far took", () => {
    expect(dueInMs(start, 120_000, 30, 1700)).to.equal(800);
    expect(dueInMs(start, 120_000, 30, 9000)).to.equal(0);
  });

  it("holds no late event up", () => {
    expect(dueInMs(start, 30_000, 1, 500)).to.equal(0);
  });

  it("waits no longer than a timer can", () => {
    expect(dueInMs(start, Date.parse("9999-01-01T00:00:00Z"), 1, 500)).to.equal(2 ** 31 - 1);
  });

  it("starts with the first event that has a time", async () => {
    const { signal } = new AbortController();
    const pace = createPace(1, () => 0);
    await pace(undefined, signal);
    await pace("never", signal);
    await pace("2026-03-01T10:00:00Z", signal);
    await pace("2026-03-01T09:00:00Z", signal);
    const waiting = pace("2026-03-01T11:00:00Z", AbortSignal.abort());
    expect(await waiting.catch((error: unknown) => String(error))).to.include("AbortError");
  });
});
