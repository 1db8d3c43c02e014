import { expect } from "chai";
import fc from "fast-check";
import type { NamedOccurrence } from "../../handler/event-memory.ts";
import { histories, lives } from "./histories.ts";
import { checkExactMemory, memoryOf } from "./whole-history.ts";

/** `npm run soak` does the same with a hundred thousand. */
const RUNS = 2000;

describe("a row's memory folds to what the whole history folds to, however it was delivered", () => {
  it("for random histories", () => {
    checkExactMemory(histories(14), RUNS);
  });

  it("for lives as ECS tells them", () => {
    checkExactMemory(lives, RUNS);
  });

  it("and is small: at most a dozen entries in such a life", () => {
    let most = 0;
    fc.assert(
      fc.property(lives, (life) => {
        const memory = life.reduce<readonly NamedOccurrence[]>((before, next) => {
          const after = memoryOf([...before, next]);
          most = Math.max(most, after.length);
          return after;
        }, []);
        expect(memory.length).to.be.at.most(12);
      }),
      { numRuns: 500 },
    );
    expect(most).to.be.greaterThan(4);
  });
});
