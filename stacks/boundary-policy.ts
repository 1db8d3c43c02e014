import type { Environment } from "../envs/environment.ts";
import { handlerPolicy } from "./handler-policy.ts";
import { type PolicyDocument, policyDocument } from "./policy-document.ts";
import { reconcilerPolicy, schedulePolicy } from "./reconciler-policy.ts";

/**
 * The most that a role of the functions can ever do: what the three of them do today, together. The role that deploys can only
 * change roles that have this boundary, so it cannot give itself, or new code, more than that.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export const boundaryPolicy = (environment: Environment): PolicyDocument => {
  const statements = [
    ...handlerPolicy(environment).Statement.map((statement) => ({
      ...statement,
      Sid: `Handler${statement.Sid}`,
    })),
    ...reconcilerPolicy(environment).Statement.map((statement) => ({
      ...statement,
      Sid: `Reconciler${statement.Sid}`,
    })),
    ...schedulePolicy(environment).Statement.map((statement) => ({
      ...statement,
      Sid: `Schedule${statement.Sid}`,
    })),
  ];
  return policyDocument(...statements);
};
