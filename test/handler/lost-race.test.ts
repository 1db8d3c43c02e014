import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { lostRace } from "../../handler/lost-race.ts";

const thrownBy = (error: unknown): Promise<unknown> =>
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever may be thrown
  lostRace(Promise.reject(error)).catch((thrown: unknown) => ({ thrown }));

describe("a write", () => {
  it("gives its result", async () => {
    expect(await lostRace(Promise.resolve(7))).to.equal(7);
  });

  it("has lost when its condition failed, to the row that DynamoDB names", async () => {
    const Item = { tenant_id: { S: "acme" } };
    const failed = new ConditionalCheckFailedException({ $metadata: {}, message: "failed", Item });
    expect(await thrownBy(failed)).to.deep.equal({ kind: "lost", item: Item });
  });

  it("has lost against a transaction", async () => {
    const conflict = Object.assign(new Error("conflict"), { name: "TransactionConflictException" });
    expect(await thrownBy(conflict)).to.deep.equal({ kind: "lost", item: undefined });
  });

  for (const error of [
    new Error("throttled"),
    { name: "TransactionConflictException" },
    "a text that was thrown",
  ])
    it(`fails with what it failed with: ${JSON.stringify(error)}`, async () => {
      expect(await thrownBy(error)).to.deep.equal({ thrown: error });
    });
});
