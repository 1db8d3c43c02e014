import { createHash, createHmac, type BinaryLike } from "node:crypto";
import { Agent, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";

/**
 * The floor: the very request that the handler sends, signed by hand (AWS Signature Version 4) and sent over a
 * connection that is kept alive, without retries or any reading of the response.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
// eslint-disable-next-line no-restricted-syntax -- a function's edge
const env = process.env;
const { host, hostname, port } = new URL(env["AWS_ENDPOINT_URL_DYNAMODB"] ?? "");
const region = env["AWS_REGION"] ?? "";
const body = env["REQUEST"] ?? "";
const agent = new Agent({ keepAlive: true });

export const handler = async (): Promise<string> => {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ agent, hostname, port, method: "POST", path: "/", headers: signedHeaders() }, resolve)
      .on("error", reject)
      .end(body);
  });
  return text(response);
};

const sha256 = (data: string): string => createHash("sha256").update(data).digest("hex");
const hmac = (key: BinaryLike, data: string): Buffer => createHmac("sha256", key).update(data).digest();

const signedHeaders = (): Record<string, string> => {
  const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
  const day = time.slice(0, 8);
  const headers: Record<string, string> = {
    "content-type": "application/x-amz-json-1.0",
    host,
    "x-amz-date": time,
    "x-amz-security-token": env["AWS_SESSION_TOKEN"] ?? "",
    "x-amz-target": "DynamoDB_20120810.UpdateItem",
  };
  const names = Object.keys(headers).join(";");
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ["POST", "/", "", lines.join(""), names, sha256(body)].join("\n");
  const scope = `${day}/${region}/dynamodb/aws4_request`;
  const key = [day, region, "dynamodb", "aws4_request"].reduce<BinaryLike>(
    hmac,
    `AWS4${env["AWS_SECRET_ACCESS_KEY"] ?? ""}`,
  );
  const signature = hmac(key, ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n")).toString(
    "hex",
  );
  const credential = `${env["AWS_ACCESS_KEY_ID"] ?? ""}/${scope}`;
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
};
