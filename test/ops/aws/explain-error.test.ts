import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { createServer, type RequestListener } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createAws } from "../../../ops/aws/clients.ts";
import { explainAwsError } from "../../../ops/aws/explain-error.ts";
import { rememberFailedRequests } from "../../../ops/aws/failed-request.ts";

/** What a real client makes of an answer. */
const explain = async (listener: RequestListener | undefined): Promise<string | undefined> => {
  const server = createServer(listener);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  if (listener === undefined) server.close();
  const region = "af-south-1";
  const { dynamoDb } = rememberFailedRequests({
    ...createAws(region),
    dynamoDb: new DynamoDBClient({
      region,
      endpoint: `http://127.0.0.1:${port}`,
      maxAttempts: 1,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    }),
  });
  try {
    await dynamoDb.send(new DescribeTableCommand({ TableName: "bbws-tenants-dev" }));
    return "no error";
  } catch (error) {
    return explainAwsError(error)?.message.replace(String(port), "PORT");
  } finally {
    dynamoDb.destroy();
    server.closeAllConnections();
    server.close();
  }
};

const answer =
  (status: number, body: string): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(body);
  };
const error = (type: string, message: string): RequestListener =>
  answer(400, JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }));

describe("an error of AWS, by its cause", () => {
  it("names the API that throttles", async () => {
    expect(await explain(error("ThrottlingException", "Rate exceeded"))).to.equal(
      "AWS throttles DynamoDB.DescribeTable: Rate exceeded",
    );
  });

  it("names the table that is not there", async () => {
    expect(await explain(error("ResourceNotFoundException", "Requested resource not found"))).to.equal(
      "there is no table bbws-tenants-dev in this account and region",
    );
  });

  it("tells a proxy's page from an answer", async () => {
    expect(await explain(answer(200, "<html>Sign in</html>"))).to.match(
      /^something other than AWS has answered/,
    );
    expect(await explain(answer(502, "<html>Bad gateway</html>"))).to.match(
      /^something other than AWS has answered/,
    );
  });

  it("says where nobody answers", async () => {
    expect(await explain(undefined)).to.equal("AWS cannot be reached at 127.0.0.1:PORT (ECONNREFUSED)");
  });

  it("tells what arrived damaged", () => {
    const damaged = new Error("Invalid MD5 checksum on messages: m1");
    expect(explainAwsError(damaged)?.message).to.equal(
      "the answer of AWS arrived damaged: Invalid MD5 checksum on messages: m1",
    );
  });

  it("leaves a bug a bug", () => {
    expect(explainAwsError(new SyntaxError("Unexpected token '<'"))).to.equal(undefined);
  });
});
