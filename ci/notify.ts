import { PublishCommand } from "@aws-sdk/client-sns";
import { loadEnvironment } from "../envs/load.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { runUrl } from "./github/client.ts";
import { requireVariable, type StepContext } from "./step-context.ts";

/** Tells the people whom the environment's alarms reach that a job has failed: by the alarms' topic. */
export const notify = async (context: StepContext, environmentName: string): Promise<void> => {
  const environment = loadEnvironment(environmentName);
  const { topicName, topicArn } = resourceNames(environment);
  const workflow = requireVariable(context, "GITHUB_WORKFLOW");
  await context.createAws(environment.region).sns.send(
    new PublishCommand({
      TopicArn: topicArn,
      // SNS takes 100 characters of ASCII, in one line.
      Subject: `${workflow} failed for ${environment.environment}`.replaceAll(/[^ -~]/g, "?").slice(0, 99),
      Message: `${workflow} failed for ${environment.environment}. The run says what, and what was done: ${runUrl(context)}`,
    }),
  );
  context.log.write(`The topic ${topicName} was told\n`);
};
