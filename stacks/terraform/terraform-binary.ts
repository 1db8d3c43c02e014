import type { EnvironmentVariables } from "./environment-variables.ts";

/**
 * The program that is started for Terraform: `terraform`, or what `TERRAFORM_BINARY_NAME` names, such as `tofu`. It is the variable by
 * which cdktf chooses, too, so that one setting is for all.
 */
export const terraformBinary = ({ TERRAFORM_BINARY_NAME }: EnvironmentVariables): string =>
  TERRAFORM_BINARY_NAME === undefined || TERRAFORM_BINARY_NAME === "" ? "terraform" : TERRAFORM_BINARY_NAME;
