import { expect } from "chai";
import { describeExplanation, ObstacleError } from "../../checklist/errors.ts";

describe("an error that an operator can do something about", () => {
  const NEXT = "npm run ops -- deploy dev";
  const cases: readonly [ObstacleError, string][] = [
    [new ObstacleError("there is no alias"), "there is no alias"],
    [new ObstacleError("there is no alias", { hint: "Deploy" }), "there is no alias. Deploy"],
    [new ObstacleError("there is no alias", { next: NEXT }), `there is no alias. Next: ${NEXT}`],
    [
      new ObstacleError("there is no alias.", { hint: "Deploy", next: NEXT }),
      `there is no alias. Deploy: ${NEXT}`,
    ],
  ];
  for (const [error, line] of cases)
    it(`reads "${line}"`, () => {
      expect(describeExplanation(error)).to.equal(line);
    });

  it("keeps what happened, what to try, the next command and the cause apart", () => {
    const cause = new Error("the network is down");
    expect(new ObstacleError("there is no alias", { hint: "Deploy", next: NEXT, cause })).to.include({
      message: "there is no alias",
      hint: "Deploy",
      next: NEXT,
      cause,
    });
  });
});
