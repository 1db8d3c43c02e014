import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import { type App, TerraformStack } from "cdktf";
import { SUBSTITUTE } from "./substitution.ts";

/** Makes all stacks ask for the substitutes, and changes nothing else. For a trial: never for a deployment. */
export const substituteProvider = (app: App): void => {
  for (const construct of app.node.findAll()) {
    if (TerraformStack.isStack(construct))
      construct.addOverride("terraform.required_providers.aws.version", SUBSTITUTE.providerVersion);
    if (construct instanceof LambdaFunction) construct.runtime = SUBSTITUTE.runtime;
  }
};
