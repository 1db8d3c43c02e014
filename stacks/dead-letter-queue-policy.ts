import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { type PolicyDocument, policyDocument } from "./policy-document.ts";

/** Of the version that is being taken over, as long as it may receive events. */
export interface OtherSenders {
  readonly ruleArns: readonly string[];
  readonly roleArns: readonly string[];
}

/**
 * Who may send to the queue: EventBridge for the two rules, and the function, in whose name Lambda parks what failed. All
 * others are refused, whatever their own policies allow: with a replay they could write a tenant's status.
 *
 * A negated operator holds for a request without the key: EventBridge is no principal with an ARN, and a role has no source.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const deadLetterQueuePolicy = (
  environment: Environment,
  { ruleArns: otherRules, roleArns: otherRoles }: OtherSenders = { ruleArns: [], roleArns: [] },
): PolicyDocument => {
  const { deadLetterQueueArn, ruleArns, roleArn } = resourceNames(environment);
  const rules = [ruleArns.serviceAction, ruleArns.deploymentStateChange, ...otherRules];
  const roles = otherRoles.length === 0 ? roleArn : [roleArn, ...otherRoles];
  return policyDocument(
    {
      Sid: "ParkUndeliveredEvents",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: deadLetterQueueArn,
      Condition: { ArnEquals: { "aws:SourceArn": rules } },
    },
    {
      Sid: "RefuseEverybodyElse",
      Effect: "Deny",
      Principal: "*",
      Action: "sqs:SendMessage",
      Resource: deadLetterQueueArn,
      Condition: { ArnNotEquals: { "aws:SourceArn": rules, "aws:PrincipalArn": roles } },
    },
  );
};
