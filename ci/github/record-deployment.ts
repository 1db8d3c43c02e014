import { GetAliasCommand } from "@aws-sdk/client-lambda";
import { loadEnvironment } from "../../envs/load.ts";
import { resourceNames } from "../../envs/resource-names.ts";
import { parseRecord, type ReleaseRecord } from "../../ops/aws/lambda/release-record.ts";
import { StepError } from "../errors.ts";
import { type StepContext, summarize } from "../step-context.ts";
import { createGitHub, runUrl } from "./client.ts";

/**
 * Records on GitHub what an environment runs now, as a deployment of the commit that it was built from: the environment's page shows it
 * as the active one. GitHub itself records the commit of the run, which is main's, whatever a promotion or a rollback brought.
 */
export const recordDeployment = async (context: StepContext, environment: string): Promise<void> => {
  const live = await readLiveRecord(context, environment);
  if (live?.origin?.kind !== "workflow") {
    const version = live === undefined ? "what is live" : `version ${live.version}`;
    summarize(
      context,
      `Not recorded on GitHub: from which commit ${version} in ${environment} was built is not known`,
    );
    return;
  }
  const { commit } = live.origin;
  const { rest, owner, repo } = createGitHub(context);
  const { data } = await rest.repos.createDeployment({
    owner,
    repo,
    ref: commit,
    environment,
    description: `${live.action === "rollback" ? "rollback to" : "release of"} version ${live.version}`,
    auto_merge: false,
    // It passed its checks before it was deployed the first time.
    required_contexts: [],
  });
  if (!("id" in data))
    throw new StepError(`GitHub made no deployment of ${commit}: ${data.message ?? "no reason"}`);
  await rest.repos.createDeploymentStatus({
    owner,
    repo,
    deployment_id: data.id,
    state: "success",
    auto_inactive: true,
    log_url: runUrl(context),
  });
  summarize(context, `GitHub shows commit \`${commit.slice(0, 7)}\` as what ${environment} runs`);
};

/** Undefined when nothing was released yet, or the alias was moved by something else. */
export const readLiveRecord = async (
  context: StepContext,
  environmentName: string,
): Promise<ReleaseRecord | undefined> => {
  const environment = loadEnvironment(environmentName);
  const { functionName, aliasName } = resourceNames(environment);
  try {
    const { Description: description = "" } = await context
      .createAws(environment.region)
      .lambda.send(new GetAliasCommand({ FunctionName: functionName, Name: aliasName }));
    return parseRecord(description);
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
    throw error;
  }
};
