import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { type PolicyDocument, policyDocument, type PolicyStatement } from "./policy-document.ts";

/** Who may be the function: Lambda alone. */
export const handlerTrustPolicy = (): PolicyDocument =>
  policyDocument({
    Sid: "LambdaRunsTheFunction",
    Effect: "Allow",
    Principal: { Service: "lambda.amazonaws.com" },
    Action: "sts:AssumeRole",
  });

/** What the function may do: exactly what its code does, on the resources of its environment. */
export const handlerPolicy = (environment: Environment): PolicyDocument => {
  const { tenantsTableArn, servicesTableArn, serviceArnPrefix, deadLetterQueueArn, logGroupArn } =
    resourceNames(environment);
  const queueKey = environment.security?.kmsKeys?.queue;
  return policyDocument(
    {
      Sid: "KeepTenantsUpToDate",
      Effect: "Allow",
      Action: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
      Resource: tenantsTableArn,
    },
    ...tenantsTableKey(environment),
    {
      Sid: "KeepTheDirectoryOfServices",
      Effect: "Allow",
      Action: ["dynamodb:GetItem", "dynamodb:PutItem"],
      Resource: servicesTableArn,
    },
    {
      Sid: "ReadTheTagsOfServices",
      Effect: "Allow",
      Action: "ecs:ListTagsForResource",
      Resource: `${serviceArnPrefix}*`,
    },
    {
      // Lambda parks failed events in the name of the function.
      Sid: "ParkFailedEvents",
      Effect: "Allow",
      Action: "sqs:SendMessage",
      Resource: deadLetterQueueArn,
    },
    ...(queueKey === undefined
      ? []
      : [
          {
            Sid: "EncryptParkedEvents",
            Effect: "Allow",
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: queueKey,
          } as const,
        ]),
    {
      Sid: "WriteLogs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${logGroupArn}:*`,
    },
  );
};

/**
 * What reading and writing a table under a customer-managed key takes besides; nothing where the table is under a key of AWS's.
 * The key can be used through DynamoDB alone.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
export const tenantsTableKey = ({ region, tenants }: Environment): readonly PolicyStatement[] =>
  tenants.kmsKeyArn === undefined
    ? []
    : [
        {
          Sid: "DecryptTheRows",
          Effect: "Allow",
          Action: "kms:Decrypt",
          Resource: tenants.kmsKeyArn,
          Condition: { StringEquals: { "kms:ViaService": `dynamodb.${region}.amazonaws.com` } },
        },
      ];
