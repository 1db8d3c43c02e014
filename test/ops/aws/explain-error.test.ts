import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { createServer, type RequestListener } from "node:http";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createAws } from "../../../ops/aws/clients.ts";
import { explainAwsError, isForbidden } from "../../../ops/aws/explain-error.ts";
import { describeExplanation } from "../../../checklist/errors.ts";
import { rememberFailedRequests } from "../../../ops/aws/failed-request.ts";

type Ask = "DescribeTable" | "HeadBucket";

/** What a real client makes of an answer. */
const explain = async (
  listener: RequestListener | undefined,
  { ask = "DescribeTable", protocol = "http" }: { ask?: Ask; protocol?: "http" | "https" } = {},
): Promise<string | undefined> => {
  const server = createServer(listener);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  if (listener === undefined) server.close();
  const region = "af-south-1";
  const options = {
    region,
    endpoint: `${protocol}://127.0.0.1:${port}`,
    maxAttempts: 1,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const { dynamoDb, s3 } = rememberFailedRequests({
    ...createAws(region),
    dynamoDb: new DynamoDBClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
  });
  try {
    await (ask === "HeadBucket"
      ? s3.send(new HeadBucketCommand({ Bucket: "state" }))
      : dynamoDb.send(new DescribeTableCommand({ TableName: "bbws-tenants-dev" })));
    return "no error";
  } catch (error) {
    const explanation = explainAwsError(error);
    return explanation && describeExplanation(explanation).replace(String(port), "PORT");
  } finally {
    dynamoDb.destroy();
    s3.destroy();
    server.closeAllConnections();
    server.close();
  }
};

/** As Node throws it of an AWS_ENDPOINT_URL that is none. */
class URLError extends TypeError {
  readonly code = "ERR_INVALID_URL";
  constructor() {
    super("Invalid URL");
  }
}

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
      "AWS throttles DynamoDB.DescribeTable: Rate exceeded. Wait a minute, then run the command again",
    );
  });

  it("names the table that is not there", async () => {
    expect(await explain(error("ResourceNotFoundException", "Requested resource not found"))).to.equal(
      "there is no table bbws-tenants-dev in this account and region. Check the account and envs/",
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
    expect(await explain(undefined)).to.equal(
      "AWS cannot be reached at 127.0.0.1:PORT (ECONNREFUSED). Check the network, then run the command again",
    );
    const hangUp: RequestListener = ({ socket }) => {
      socket.destroy();
    };
    expect(await explain(hangUp)).to.equal(
      "AWS cannot be reached at 127.0.0.1:PORT (ECONNRESET). Check the network, then run the command again",
    );
  });

  it("says where the connection cannot be trusted", async () => {
    expect(await explain(answer(200, "{}"), { protocol: "https" })).to.match(
      /^the connection to AWS at 127\.0\.0\.1:PORT cannot be trusted \(EPROTO\): .*NODE_EXTRA_CA_CERTS$/,
    );
  });

  it("names the API that fails without a word of its own", async () => {
    expect(await explain(answer(503, ""), { ask: "HeadBucket" })).to.equal(
      "S3.HeadBucket: HTTP 503, without a reason. Wait a minute, then run the command again",
    );
    expect(await explain(answer(403, ""), { ask: "HeadBucket" })).to.equal(
      "access denied: S3.HeadBucket: HTTP 403, without a reason",
    );
    expect(await explain(answer(429, ""), { ask: "HeadBucket" })).to.match(
      /^AWS throttles S3\.HeadBucket: HTTP 429/,
    );
    expect(await explain(error("ValidationException", "no such key"))).to.equal(
      "DynamoDB.DescribeTable: ValidationException: no such key",
    );
  });

  it("tells a wrong clock from credentials that are refused, and from a right that is missing", async () => {
    const said = "Signature expired: 20260303T210000Z is now earlier than 20260303T211000Z";
    expect(await explain(error("InvalidSignatureException", said))).to.equal(
      `the clock of this machine is wrong: ${said}. Set it, then run the command again`,
    );
    const skewed = Object.assign(new Error("too large"), {
      name: "RequestTimeTooSkewed",
      $metadata: { httpStatusCode: 403 },
    });
    expect(explainAwsError(skewed)?.message).to.equal("the clock of this machine is wrong: too large");
    expect(isForbidden(skewed)).to.equal(false);
    const expired = Object.assign(new Error("expired"), {
      name: "ExpiredToken",
      $metadata: { httpStatusCode: 403 },
    });
    expect(isForbidden(expired)).to.equal(false);
  });

  it("tells what arrived damaged", () => {
    const damaged = new Error("Invalid MD5 checksum on messages: m1");
    expect(explainAwsError(damaged)?.message).to.equal(
      "the answer of AWS arrived damaged: Invalid MD5 checksum on messages: m1",
    );
  });

  it("tells what the operator's settings name, and is not there", async () => {
    const { dynamoDb } = createAws("af-south-1");
    const ask = async (): Promise<string | undefined> => {
      const error: unknown = await dynamoDb
        .send(new DescribeTableCommand({ TableName: "t" }))
        .catch((caught: unknown) => caught);
      return explainAwsError(error)?.message;
    };
    dynamoDb.config.credentials = () =>
      readFile("/no/such/token").then(() => ({ accessKeyId: "a", secretAccessKey: "b" }));
    expect(await ask()).to.equal(
      "DynamoDB.DescribeTable could not be asked: ENOENT: no such file or directory, open '/no/such/token'",
    );
    // The same file, of no request of AWS.
    expect(explainAwsError(await readFile("/no/such/token").catch((caught: unknown) => caught))).to.equal(
      undefined,
    );
    dynamoDb.config.credentials = () => Promise.reject(new URLError());
    expect(await ask()).to.equal("DynamoDB.DescribeTable could not be asked: Invalid URL");
  });

  it("leaves a bug a bug", () => {
    expect(explainAwsError(new SyntaxError("Unexpected token '<'"))).to.equal(undefined);
  });
});
