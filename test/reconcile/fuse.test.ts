import { expect } from "chai";
import type { Drift, TenantWithoutService } from "../../reconcile/compare-rows.ts";
import { findBlownFuse } from "../../reconcile/fuse.ts";

const RATING = { tenants: 10, percent: 20 };

describe("the fuse of a reconciliation", () => {
  const drifts = (count: number): readonly Drift[] => Array<Drift>(count);
  const without = (count: number, isLost: boolean): readonly TenantWithoutService[] =>
    Array.from({ length: count }, (_, index) => ({ tenantId: `t${index}`, why: "", isLost }));
  const blown = (tenants: number, repairs: number, lost = 0, services = 1): string | undefined =>
    findBlownFuse(
      { services, tenants, drifts: drifts(repairs), withoutService: without(lost, true) },
      RATING,
    );

  it("allows the number of tenants where that is more", () => {
    expect(blown(20, 10)).to.be.undefined;
    expect(blown(20, 11)).to.match(/^11 of 20 rows differ .* one run may change 10$/);
  });

  it("allows the percentage where that is more", () => {
    expect(blown(1000, 200)).to.be.undefined;
    expect(blown(1004, 201)).to.match(/one run may change 200$/);
  });

  it("counts tenants that lost their service as well, and not those that never had one", () => {
    expect(blown(20, 5, 6)).to.match(/^11 of 20 rows differ \(5 to repair, 6 whose service was lost\)/);
    expect(
      findBlownFuse({ services: 1, tenants: 90, drifts: [], withoutService: without(90, false) }, RATING),
    ).to.be.undefined;
  });

  it("allows nothing when no service was seen and rows say otherwise", () => {
    expect(blown(1000, 1, 0, 0)).to.match(/no service at all, and 1 of 1000 rows/);
    expect(blown(1000, 0, 1, 0)).to.match(/no service at all/);
    expect(blown(0, 0, 0, 0)).to.be.undefined;
  });
});
