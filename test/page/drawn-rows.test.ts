import { expect } from "chai";
import fc from "fast-check";
import { ALL_DRAWN, drawnRows, type ListView, ROW_HEIGHT } from "../../page/browser/drawn-rows.ts";

const view = (top: number, height = 800): ListView => ({ top, height, open: undefined });
const indexes = (...question: Parameters<typeof drawnRows>): readonly number[] =>
  drawnRows(...question).rows.map(({ index }) => index);

describe("the rows of a list that are drawn", () => {
  it("are all of a short list, and of one that is printed", () => {
    expect(indexes(ALL_DRAWN, view(0), [])).to.have.length(ALL_DRAWN);
    expect(indexes(5000, "all", [])).to.have.length(5000);
    expect(indexes(ALL_DRAWN + 1, view(0), [])).to.have.length.below(ALL_DRAWN);
  });

  it("are those in view, with few besides, and leave the list as long as it is", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: -500, max: 150_000 }),
        fc.integer({ min: 100, max: 2000 }),
        fc.option(fc.tuple(fc.nat(4999), fc.integer({ min: 1, max: 3000 })), { nil: undefined }),
        (count, top, height, opened) => {
          const open = opened === undefined ? undefined : { index: opened[0] % count, height: opened[1] };
          const { rows, pixelsBelow } = drawnRows(
            count,
            { top, height, open },
            open === undefined ? [] : [open.index],
          );
          const drawn = new Set(rows.map(({ index }) => index));
          for (let index = 0; index < count; index++) {
            const isBelowOpen = open !== undefined && index > open.index;
            const begin = index * ROW_HEIGHT + (isBelowOpen ? open.height : 0);
            const end = begin + ROW_HEIGHT + (index === open?.index ? open.height : 0);
            if (end > top && begin < top + height) expect(drawn).to.include(index);
          }
          if (count > ALL_DRAWN) expect(rows.length).to.be.at.most((2 * height) / ROW_HEIGHT + 23);
          const left = rows.reduce((sum, { pixelsAbove }) => sum + pixelsAbove, pixelsBelow);
          expect(left + rows.length * ROW_HEIGHT).to.equal(count * ROW_HEIGHT);
        },
      ),
    );
  });

  it("do not change with each pixel", () => {
    const at = (top: number): string => indexes(2000, view(top), []).join();
    const lists = new Set(Array.from({ length: 290 }, (_, pixel) => at(20_000 + pixel)));
    expect(lists.size).to.be.at.most(4);
  });

  it("keep what is pinned where it is, with the room of what is left out above it", () => {
    const { rows } = drawnRows(2000, view(29_000), [3, -1, 2000]);
    const [pinned, next] = rows;
    expect(pinned).to.deep.equal({ index: 3, pixelsAbove: 3 * ROW_HEIGHT });
    expect(next).to.deep.equal({ index: 980, pixelsAbove: 976 * ROW_HEIGHT });
  });

  it("are the last ones where the list ends above the window", () => {
    expect(indexes(200, view(50_000), []).at(-1)).to.equal(199);
  });
});
