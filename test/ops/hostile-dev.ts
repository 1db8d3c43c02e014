import { createHash } from "node:crypto";
import { marshall } from "@aws-sdk/util-dynamodb";
import { serviceAction, tagsOf } from "../handler/events.ts";
import { EVENTBRIDGE_ATTRIBUTES } from "./dead-letter-samples.ts";
import { dev, healthyDev, identityIn } from "./healthy-dev.ts";
import { type Answers, awsError } from "./recorded-aws.ts";

/** What AWS answers about dev, with a hostile text in all that others can name. */
export const hostileDev = (text: string): Answers => {
  const answers: Answers = {
    ...healthyDev(),
    ScanCommand: () => ({
      Items: ["acme", "globex"].map((tenantId) =>
        marshall({
          tenant_id: `${tenantId}${text}`,
          status: `ACTIVE${text}`,
          service_arn: `arn${text}`,
          ...(tenantId === "acme" ? PINNED : { events: text }),
        }),
      ),
    }),
    GetItemCommand: () => ({ Item: marshall({ tenant_id: "acme", status: text, ...PINNED }) }),
    ListServicesCommand: () => ({ serviceArns: [`${text}arn`] }),
    DescribeServicesCommand: () => ({
      services: [{ serviceArn: `${text}arn`, status: text, tags: [{ key: "bbws:tenant-id", value: text }] }],
    }),
    ReceiveMessageCommand: receiveOnce(text),
    ChangeMessageVisibilityBatchCommand: () => ({ Successful: [], Failed: [] }),
    GetOpenIDConnectProviderCommand: () => ({ ClientIDList: [text] }),
    GetRoleCommand: () => ({ Role: { AssumeRolePolicyDocument: trustOf(text) } }),
    // IAM takes letters and a few signs for a name.
    ListRolePoliciesCommand: () => ({ PolicyNames: ["inline"] }),
    GetRolePolicyCommand: () => ({ PolicyDocument: trustOf(text) }),
    ListAttachedRolePoliciesCommand: () => ({}),
    ...identityIn(dev.accountId),
  };
  return new Proxy(answers, {
    get: (known, command: string) => async (input: never) => {
      const answer = known[command];
      if (answer === undefined) throw awsError(`AccessDenied${text}`, `not allowed: ${text}`);
      return poison(await answer(input), text, "");
    },
  });
};

/** IAM's documents are text as it goes into a URL, which has no lone half of a character. */
const trustOf = (hostile: string): string => {
  const text = hostile.replaceAll(/\p{Cs}/gu, "");
  return encodeURIComponent(
    JSON.stringify({
      Statement: { Effect: "Allow", Principal: { AWS: text }, Action: text, Resource: text },
    }),
  );
};

const PINNED = {
  ecs_status: "ACTIVE",
  events: { SERVICE_STEADY_STATE: { at: "2098-01-01T00:00:00Z", id: "forged" } },
};

const receiveOnce = (text: string): Answers[string] => {
  let received = false;
  return () => {
    if (received) return {};
    received = true;
    const event = serviceAction(`NAME${text}`, { id: `id${text}`, detail: { tags: tagsOf(text) } });
    return {
      Messages: [event, { detail: text }, text]
        .map((sent) => (typeof sent === "string" ? sent : JSON.stringify(sent)))
        .map((body, index) => ({
          MessageId: `${index}${text}`,
          ReceiptHandle: String(index),
          Body: body,
          MD5OfBody: createHash("md5").update(body).digest("hex"),
          MessageAttributes: Object.fromEntries(
            Object.entries(EVENTBRIDGE_ATTRIBUTES).map(([name, value]) => [
              name,
              { DataType: "String", StringValue: `${value}${text}` },
            ]),
          ),
        })),
    };
  };
};

/** What people and other programs write into AWS; what is AWS's own, such as a version's number, stays. */
const WRITTEN = new Set([
  "Description",
  "StateReason",
  "LastUpdateStatusReason",
  "AlarmName",
  "message",
  "Name",
  "Arn",
  "Status",
]);

const poison = (value: unknown, text: string, key: string): unknown => {
  if (typeof value === "string") return WRITTEN.has(key) ? value + text : value;
  if (Array.isArray(value)) return value.map((each) => poison(each, text, key));
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, poison(each, text, name)]));
};
