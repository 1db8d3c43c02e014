import { expect } from "chai";
import { createDynamoDbClient, requestHandler } from "../../handler/aws-clients.ts";
import { createEcsClient } from "../../handler/ecs.ts";

/** That they are kept, hanging connections show in the tests of the bundle. */
describe("the handler's AWS clients", () => {
  it("bound each request, and throw when it takes longer", () => {
    expect(requestHandler).to.deep.equal({
      connectionTimeout: 1000,
      requestTimeout: 2000,
      throwOnRequestTimeout: true,
      socketTimeout: 2000,
    });
  });

  it("try as often as they are told to", async () => {
    const dynamoDb = createDynamoDbClient();
    expect(await dynamoDb.config.maxAttempts()).to.equal(4);
    expect(dynamoDb.config.cacheMiddleware).to.equal(true);
    // Not 3, which is what the SDK does on its own.
    const ecs = createEcsClient(2);
    expect(await ecs.config.maxAttempts()).to.equal(2);
    for (const client of [dynamoDb, ecs]) client.destroy();
  });
});
