import { loadEnvironment } from "../envs/load.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { setOutput, type StepContext } from "./step-context.ts";

/**
 * What a job wants of an AWS account: `deploy` changes it, from the GitHub environment; `read` reads all of it, from the main branch;
 * `plan` reads what a plan needs, from a pull request, whose code nobody has approved yet.
 */
export const PURPOSES = ["deploy", "read", "plan"] as const;
type Purpose = (typeof PURPOSES)[number];

/** Says, as outputs, which role a job takes on and in which region: envs/ is the one place where that is written. */
export const access = (context: StepContext, environmentName: string, purpose: Purpose): void => {
  const environment = loadEnvironment(environmentName);
  const { deployRoleArn, readRoleArn, planRoleArn } = resourceNames(environment);
  const roles: Readonly<Record<Purpose, string>> = {
    deploy: deployRoleArn,
    read: readRoleArn,
    plan: planRoleArn,
  };
  setOutput(context, "role", roles[purpose]);
  setOutput(context, "region", environment.region);
};
