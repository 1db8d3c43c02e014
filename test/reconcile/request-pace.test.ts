import { expect } from "chai";
import { createRequestPace } from "../../reconcile/request-pace.ts";

describe("the pace of requests", () => {
  /** When each of so many requests may be sent, in seconds, by a clock that only waits move. */
  const sendAll = async (requests: number, restSeconds = 0): Promise<readonly number[]> => {
    let nowMs = 0;
    const pace = createRequestPace(
      { burst: 60, perSecond: 18 },
      () => nowMs,
      (milliseconds) => {
        nowMs += milliseconds;
        return Promise.resolve();
      },
    );
    const sent: number[] = [];
    for (let index = 0; index < requests; index++) {
      if (index === 60) nowMs += restSeconds * 1000;
      await pace(new AbortController().signal);
      sent.push(nowMs / 1000);
    }
    return sent;
  };

  /** AWS's token bucket: 100 at once, 20 a second. */
  const isWithinLimit = (sent: readonly number[]): boolean => {
    let tokens = 100;
    let before = 0;
    return sent.every((at) => {
      tokens = Math.min(100, tokens + (at - before) * 20) - 1;
      before = at;
      return tokens >= 0;
    });
  };

  it("looks at 10,000 services in less than a minute, and at 50,000 in less than five", async () => {
    expect((await sendAll(1000)).at(-1)).to.be.within(50, 60);
    expect((await sendAll(5000)).at(-1)).to.be.within(270, 300);
  });

  it("keeps within what ECS allows, after a rest too", async () => {
    for (const rest of [0, 1, 60])
      expect(isWithinLimit(await sendAll(1000, rest)), String(rest)).to.equal(true);
    expect(isWithinLimit(Array<number>(101).fill(0)), "what all at once would be").to.equal(false);
  });

  it("ends with the signal", async () => {
    const pace = createRequestPace(
      { burst: 0, perSecond: 1 },
      () => 0,
      (_, signal) => {
        signal.throwIfAborted();
        return Promise.resolve();
      },
    );
    const failure = await pace(AbortSignal.abort()).then(() => undefined, String);
    expect(failure).to.match(/^AbortError/);
  });
});
