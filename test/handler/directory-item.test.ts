import { expect } from "chai";
import { readItem } from "../../handler/directory-item.ts";

const NOW = Date.parse("2026-03-01T10:00:00Z");
const learned_at = { S: "2026-03-01T09:00:00.000Z" };

describe("an item of the services directory", () => {
  it("is known when it names a tenant of this environment", () => {
    expect(
      readItem({ learned_at, tenant_id: { S: "acme" }, environment: { S: "dev" } }, "dev", NOW),
    ).to.deep.equal({
      kind: "known",
      service: {
        tags: { tenantId: "acme", environment: "dev" },
        learnedAt: Date.parse("2026-03-01T09:00:00Z"),
      },
    });
  });

  it("is vacant when it is not there, and when it names no tenant", () => {
    expect(readItem(undefined, "dev", NOW)).to.deep.equal({ kind: "vacant" });
    expect(readItem({ learned_at }, "dev", NOW)).to.deep.equal({ kind: "vacant" });
  });

  it("is rejected with what it says", () => {
    for (const [item, reason] of [
      [{}, "learned_at is undefined, not a time in the past"],
      [
        { learned_at: { S: "2026-03-01T10:05:00.001Z" } },
        'learned_at is {"S":"2026-03-01T10:05:00.001Z"}, not a time in the past',
      ],
      [{ learned_at, tenant_id: { N: "7" } }, 'tenant_id is {"N":"7"}, not text'],
      [{ learned_at, tenant_id: { S: "acme" } }, "environment is undefined, not dev"],
    ] as const)
      expect(readItem(item, "dev", NOW)).to.deep.equal({ kind: "rejected", reason });
  });
});
