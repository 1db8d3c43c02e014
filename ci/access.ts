import { loadEnvironment } from "../envs/load.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { setOutput, type Step } from "./step.ts";

/** What a job wants of an AWS account: `deploy` may change it, `plan` may only read it. */
export const PURPOSES = ["deploy", "plan"] as const;
type Purpose = (typeof PURPOSES)[number];

/** Says, as outputs, which role a job takes on and in which region: envs/ is the one place where that is written. */
export const access = (step: Step, environmentName: string, purpose: Purpose): void => {
  const environment = loadEnvironment(environmentName);
  const { deployRoleArn, planRoleArn } = resourceNames(environment);
  setOutput(step, "role", purpose === "deploy" ? deployRoleArn : planRoleArn);
  setOutput(step, "region", environment.region);
};
