import { expect } from "chai";
import { replyAsDynamoDb } from "../../local/dynamodb-reply.ts";

describe("The reply of DynamoDB", () => {
  it("says that it has trouble of its own, rather than end the run", () => {
    const broken = {
      request: () => {
        throw new TypeError("x is not a function");
      },
    };
    const { status, body } = replyAsDynamoDb(broken, "DynamoDB_20120810.GetItem", {});
    expect(status).to.equal(500);
    expect(JSON.parse(body)).to.deep.equal({
      __type: "com.amazonaws.dynamodb.v20120810#InternalServerError",
      message: "TypeError: x is not a function",
    });
  });
});
