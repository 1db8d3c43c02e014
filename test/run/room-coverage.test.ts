import { expect } from "chai";
import { type FileCoverage, roomsBelowTheirFloors } from "./room-coverage.ts";

const file = (lines: number, branches: number): FileCoverage => ({
  lines: { covered: lines, total: 100 },
  branches: { covered: branches, total: 100 },
});
const FLOORS = { handler: { lines: 95, branches: 90 } };

describe("the coverage of a room", () => {
  it("is enough at its floor, whatever a single file of it has", () => {
    const files = { total: file(1, 1), "handler/a.ts": file(100, 100), "handler/b.ts": file(90, 80) };
    expect(roomsBelowTheirFloors(files, FLOORS)).to.deep.equal([]);
  });

  it("is not enough below it, though other rooms have more", () => {
    const files = { "handler/a.ts": file(94, 100), "handler/b.ts": file(95, 79), "ops/a.ts": file(100, 100) };
    expect(roomsBelowTheirFloors(files, FLOORS)).to.deep.equal([
      "Tests run 94.5 % of the lines of handler; the floor is 95 %",
      "Tests run 89.5 % of the branches of handler; the floor is 90 %",
    ]);
  });

  it("is not rounded up to its floor", () => {
    const almost = {
      lines: { covered: 94_999, total: 100_000 },
      branches: { covered: 1, total: 1 },
    };
    expect(roomsBelowTheirFloors({ "handler/a.ts": almost }, FLOORS)).to.deep.equal([
      "Tests run 94.9 % of the lines of handler; the floor is 95 %",
    ]);
  });

  it("is not enough where nothing was measured", () => {
    expect(roomsBelowTheirFloors({ "handlers/a.ts": file(100, 100) }, FLOORS)).to.deep.equal([
      "Nothing was measured of handler",
    ]);
  });
});
