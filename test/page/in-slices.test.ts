import { expect } from "chai";
import { inSlices } from "../../page/browser/in-slices.ts";

describe("in slices", () => {
  it("makes all in their order, and rests before, after, and each time that 10 ms are over", async () => {
    let time = 0;
    const did: (number | "rest")[] = [];
    const made = await inSlices(
      [1, 2, 3, 4, 5],
      (item) => {
        time += 4;
        did.push(item);
        return item * 10;
      },
      {
        now: () => time,
        rest: () => {
          did.push("rest");
          return Promise.resolve();
        },
      },
    );
    expect(made).to.deep.equal([10, 20, 30, 40, 50]);
    expect(did).to.deep.equal(["rest", 1, 2, 3, "rest", 4, 5, "rest"]);
  });
});
