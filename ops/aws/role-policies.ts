import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from "@aws-sdk/client-iam";
import { ObstacleError } from "../../checklist/errors.ts";
import type { Context } from "../context.ts";

type IamContext = Pick<Context, "aws" | "signal">;

/** Who may take a role on. */
export const readTrustPolicy = async ({ aws, signal }: IamContext, role: string): Promise<unknown> => {
  const { Role } = await aws.iam.send(new GetRoleCommand({ RoleName: role }), { abortSignal: signal });
  return documentIn(Role?.AssumeRolePolicyDocument);
};

/** All policies of a role, inline and attached. */
export const readRolePolicies = async (context: IamContext, role: string): Promise<readonly unknown[]> => {
  const {
    aws: { iam },
    signal,
  } = context;
  const options = { abortSignal: signal };
  const found: unknown[] = [];
  for await (const { PolicyNames = [] } of paginateListRolePolicies(
    { client: iam },
    { RoleName: role },
    options,
  ))
    for (const PolicyName of PolicyNames) {
      const { PolicyDocument } = await iam.send(
        new GetRolePolicyCommand({ RoleName: role, PolicyName }),
        options,
      );
      found.push(documentIn(PolicyDocument));
    }
  for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies(
    { client: iam },
    { RoleName: role },
    options,
  ))
    for (const { PolicyArn } of AttachedPolicies) found.push(await readManagedPolicy(context, PolicyArn));
  return found;
};

/** A managed policy, as it is in force. */
export const readManagedPolicy = async (
  { aws: { iam }, signal }: IamContext,
  PolicyArn: string | undefined,
): Promise<unknown> => {
  const options = { abortSignal: signal };
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }), options);
  const { PolicyVersion } = await iam.send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
    options,
  );
  return documentIn(PolicyVersion?.Document);
};

/** IAM hands out policies as they go into a URL (RFC 3986). */
const documentIn = (encoded: string | undefined): unknown => {
  try {
    return JSON.parse(decodeURIComponent(encoded ?? ""));
  } catch (cause) {
    throw new ObstacleError("IAM answered with a policy that is no JSON", { cause });
  }
};
