import type { EnvironmentVariables } from "../stacks/terraform/environment-variables.ts";

/** Leaves out all that could lead to a real AWS: a rehearsal must never find its way there. */
export const withoutAws = (variables: EnvironmentVariables): EnvironmentVariables =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith("AWS_")));
