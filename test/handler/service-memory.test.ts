import { expect } from "chai";
import { createServiceMemory, isWithin } from "../../handler/service-memory.ts";

const MINUTE_MS = 60 * 1000;

describe("the services that a container remembers", () => {
  const tags = { tenantId: "acme", environment: "dev" };

  it("are remembered for less than five minutes, or until they are forgotten", () => {
    const memory = createServiceMemory(10);
    memory.set("a", tags, 0);
    expect(memory.get("a", 5 * MINUTE_MS - 1)).to.deep.equal({ tags, learnedAt: 0 });
    expect(memory.get("a", 5 * MINUTE_MS)).to.equal(undefined);
    memory.delete("a");
    expect(memory.get("a", 1)).to.equal(undefined);
    expect(memory.get("never seen", 1)).to.equal(undefined);
  });

  it("push the oldest out when there are too many: one that is learned again is the youngest", () => {
    const memory = createServiceMemory(2);
    for (const arn of ["a", "b", "a", "c"]) memory.set(arn, tags, 0);
    expect(["a", "b", "c"].filter((arn) => memory.get(arn, 1) !== undefined)).to.deep.equal(["a", "c"]);
  });

  it("are not within a time that begins later, or that never began", () => {
    expect(isWithin(10, 5, 4)).to.equal(false);
    expect(isWithin(10, 5, 5)).to.equal(true);
    expect(isWithin(10, 5, 14)).to.equal(true);
    expect(isWithin(10, 5, 15)).to.equal(false);
    expect(isWithin(10, undefined, 5)).to.equal(false);
    expect(isWithin(10, 0, 5), "a time that is zero").to.equal(true);
  });
});
