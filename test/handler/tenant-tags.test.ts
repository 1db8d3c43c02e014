import { expect } from "chai";
import { readTenantTags } from "../../handler/tenant-tags.ts";
import { tagsOf } from "./events.ts";

describe("readTenantTags", () => {
  it("reads the tenant and the environment among other tags", () => {
    const tags = [
      { key: "Name", value: "x" },
      ...(tagsOf("acme", "sit") as { key: string; value: string }[]),
    ];
    expect(readTenantTags(tags)).to.deep.equal({ tenantId: "acme", environment: "sit" });
  });

  for (const value of ["", "  ", 7, null, undefined, ["acme"], { toString: "acme" }]) {
    it(`takes the value ${JSON.stringify(value)} for absent`, () => {
      expect(readTenantTags([{ key: "bbws:tenant-id", value }])).to.deep.equal({
        tenantId: undefined,
        environment: undefined,
      });
    });
  }
});
