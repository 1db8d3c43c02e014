import { expect } from "chai";
import { createTenantIdReader } from "../../reconcile/tenant-key.ts";

describe("the tenant of a row", () => {
  it("is its key", () => {
    expect(createTenantIdReader({ tenant_id: "{tenantId}" })({ tenant_id: "acme" })).to.equal("acme");
  });

  const read = createTenantIdReader({ PK: "TENANT#{tenantId}", SK: "INSTANCE" });
  const cases: [row: Record<string, unknown>, tenantId: string | undefined][] = [
    [{ PK: "TENANT#acme", SK: "INSTANCE" }, "acme"],
    [{ PK: "TENANT#a#b.c\n", SK: "INSTANCE" }, "a#b.c\n"],
    [{ PK: "TENANT#acme", SK: "DOMAIN#1" }, undefined],
    [{ PK: "USER#acme", SK: "INSTANCE" }, undefined],
    [{ PK: "TENANT#", SK: "INSTANCE" }, undefined],
    [{ PK: 7, SK: "INSTANCE" }, undefined],
    [{ PK: "TENANT#acme" }, undefined],
  ];
  for (const [row, tenantId] of cases) {
    it(`in a single-table layout, of ${JSON.stringify(row)}, is ${tenantId ?? "none"}`, () => {
      expect(read(row)).to.equal(tenantId);
    });
  }

  it("has to be the same wherever the key names it", () => {
    const readTwice = createTenantIdReader({ PK: "T#{tenantId}", SK: "I#{tenantId}" });
    expect(readTwice({ PK: "T#a", SK: "I#a" })).to.equal("a");
    expect(readTwice({ PK: "T#a", SK: "I#b" })).to.equal(undefined);
  });

  it("is read literally where the template has signs that mean something in patterns", () => {
    const readDotted = createTenantIdReader({ id: "t.(1)+{tenantId}" });
    expect(readDotted({ id: "t.(1)+acme" })).to.equal("acme");
    expect(readDotted({ id: "tx(1)+acme" })).to.equal(undefined);
  });
});
