import {
  AttachRolePolicyCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { GITHUB_AUDIENCE, githubProviderArn, githubProviderUrl } from "../stacks/workflow-roles.ts";
import type { Place } from "./context.ts";

/** What an administrator makes by following somebody's instructions: it works, and allows more than it has to. */
export const createRolesByHand = async (place: Place): Promise<void> => {
  const { environment, account } = place;
  const { iam } = account.aws;
  const name = environment.planRole;
  await iam.send(
    new CreateOpenIDConnectProviderCommand({
      Url: githubProviderUrl,
      ClientIDList: [GITHUB_AUDIENCE],
      ThumbprintList: ["0".repeat(40)],
    }),
  );
  await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      Description: "by hand",
      AssumeRolePolicyDocument: trustIn(place, [`repo:${environment.repository}:*`]),
    }),
  );
  const { Policy } = await iam.send(
    new CreatePolicyCommand({
      PolicyName: name,
      Description: "by hand",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
      }),
    }),
  );
  await iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn: Policy?.Arn }));
};

/** Another repository may take on the role too. */
export const lendPlanRole = (place: Place): Promise<void> =>
  trustSubjects(place, [`repo:${place.environment.repository}:*`, "repo:Others/another:pull_request"]);

export const returnPlanRole = (place: Place): Promise<void> =>
  trustSubjects(place, [`repo:${place.environment.repository}:*`]);

const trustSubjects = async (place: Place, subjects: readonly string[]): Promise<void> => {
  await place.account.aws.iam.send(
    new UpdateAssumeRolePolicyCommand({
      RoleName: place.environment.planRole,
      PolicyDocument: trustIn(place, subjects),
    }),
  );
};

const trustIn = ({ environment }: Place, subjects: readonly string[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: githubProviderArn(environment) },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringLike: { "token.actions.githubusercontent.com:sub": subjects } },
      },
    ],
  });
