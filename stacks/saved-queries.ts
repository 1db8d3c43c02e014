import { CloudwatchQueryDefinition } from "@cdktf/provider-aws/lib/cloudwatch-query-definition/index.js";
import type { TerraformStack } from "cdktf";
import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { savedQueries } from "./log-queries.ts";

/** Puts the usual questions to the logs into the console of Logs Insights, in a folder of their own. */
export const addSavedQueries = (stack: TerraformStack, environment: Environment): void => {
  const { queryFolder } = resourceNames(environment);
  for (const [id, { title, logGroupName, query }] of Object.entries(savedQueries(environment)))
    new CloudwatchQueryDefinition(stack, `${id}-query`, {
      name: `${queryFolder}/${title}`,
      logGroupNames: [logGroupName],
      queryString: query,
    });
};
