import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { type PolicyDocument, policyDocument } from "./policy-document.ts";
import { lookUpTheBoundary } from "./read-policy.ts";

/**
 * What the role of pull requests may do, whose code nobody has approved yet: what `terraform plan -refresh=false` asks AWS.
 * That is the state, and what the stack looks up. No row of a table, no code, no log, no queue; the state
 * holds no secret, as no resource of the stacks has one.
 */
export const planPolicy = (environment: Environment): PolicyDocument => {
  const { stateBucketName, stateKey, tenantsTableArn, clusterArn } = resourceNames(environment);
  const stateKeyArn = environment.security?.kmsKeys?.state;
  return policyDocument(
    {
      Sid: "ReadTheState",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: `arn:aws:s3:::${stateBucketName}/${stateKey}`,
    },
    {
      Sid: "FindTheState",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: `arn:aws:s3:::${stateBucketName}`,
    },
    {
      Sid: "LookUpTheTable",
      Effect: "Allow",
      Action: [
        "dynamodb:DescribeContinuousBackups",
        "dynamodb:DescribeTable",
        "dynamodb:DescribeTimeToLive",
        "dynamodb:ListTagsOfResource",
      ],
      Resource: tenantsTableArn,
    },
    {
      Sid: "LookUpTheCluster",
      Effect: "Allow",
      Action: "ecs:DescribeClusters",
      Resource: clusterArn,
    },
    ...lookUpTheBoundary(environment),
    ...(stateKeyArn === undefined
      ? []
      : [{ Sid: "DecryptTheState", Effect: "Allow", Action: "kms:Decrypt", Resource: stateKeyArn } as const]),
  );
};
