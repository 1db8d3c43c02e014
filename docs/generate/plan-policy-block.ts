import type { Environment } from "../../envs/environment.ts";
import { planPolicy } from "../../stacks/plan-policy.ts";

/** The policy of the role that plans the environment that is promoted to last, as IAM takes it. */
export const planPolicyBlock = (environments: readonly Environment[]): string => {
  const sources = environments.map(({ promotion }) => promotion?.from);
  const last = environments.find(({ environment }) => !sources.includes(environment));
  return last === undefined ? "" : `\`\`\`json\n${JSON.stringify(planPolicy(last), null, 2)}\n\`\`\``;
};
