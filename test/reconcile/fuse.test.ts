import { expect } from "chai";
import { findBlownFuse, findClockTrouble } from "../../reconcile/fuse.ts";

const RATING = { tenants: 10, percent: 20 };

describe("the fuse of a reconciliation", () => {
  const blown = (row: number, drift: number, lost = 0, service = 1, contested = 0): string | undefined =>
    findBlownFuse({ service, row, drift, lost, contested }, RATING);

  it("allows the number of tenants where that is more", () => {
    expect(blown(20, 10)).to.be.undefined;
    expect(blown(20, 11)).to.match(/^11 of 20 rows differ .* one run may change 10$/);
  });

  it("allows the percentage where that is more", () => {
    expect(blown(1000, 200)).to.be.undefined;
    expect(blown(1004, 201)).to.match(/one run may change 200$/);
  });

  it("counts tenants that lost their service as well, and those that several services claim", () => {
    expect(blown(20, 5, 6)).to.match(
      /^11 of 20 rows differ \(5 to repair, 6 whose service was lost, 0 that several services claim\)/,
    );
    expect(blown(20, 5, 5, 1, 1)).to.match(
      /^11 of 20 rows differ \(5 to repair, 5 whose service was lost, 1 that several services claim\)/,
    );
    expect(blown(20, 5, 4, 1, 1)).to.be.undefined;
  });

  it("allows nothing when no service was seen and rows say otherwise", () => {
    expect(blown(1000, 1, 0, 0)).to.match(/no service at all, and 1 of 1000 rows/);
    expect(blown(1000, 0, 1, 0)).to.match(/no service at all/);
    expect(blown(0, 0, 0, 0)).to.be.undefined;
  });
});

describe("two clocks", () => {
  const at = (time: string): Date => new Date(`2026-03-01T${time}Z`);

  it("may be five minutes apart", () => {
    expect(findClockTrouble(at("10:05:00"), at("10:00:00"))).to.be.undefined;
    expect(findClockTrouble(at("10:00:00"), at("10:05:00"))).to.be.undefined;
  });

  it("are in trouble when it is more, and it is said which is ahead", () => {
    expect(findClockTrouble(at("10:05:01"), at("10:00:00"))).to.match(
      /: 301 s ahead, and 300 s are allowed$/,
    );
    expect(findClockTrouble(at("10:00:00"), at("10:05:01"))).to.match(/: 301 s behind/);
  });
});
