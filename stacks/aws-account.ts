import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import type { TerraformStack } from "cdktf";
import type { Environment } from "../envs/environment.ts";
import { PROVIDER_VERSION } from "./provider-version.ts";
import { tags } from "./tags.ts";

/** From this version on Terraform locks a state in S3 without a DynamoDB table. */
const TERRAFORM_VERSIONS = ">= 1.10.0";

/** Ties a stack to its environment's account: Terraform refuses credentials of any other before it changes anything. */
export const addAwsAccount = (stack: TerraformStack, environment: Environment): void => {
  new AwsProvider(stack, "aws", {
    region: environment.region,
    allowedAccountIds: [environment.accountId],
    defaultTags: [{ tags: tags(environment.environment) }],
  });
  // By its full source, which stays the same when CDKTF's place is taken by another program.
  stack.addOverride("terraform.required_providers.aws", {
    source: "hashicorp/aws",
    version: PROVIDER_VERSION,
  });
  stack.addOverride("terraform.required_version", TERRAFORM_VERSIONS);
};
