import { devNull } from "node:os";

/**
 * Takes the AWS settings of the person at this machine away from this process: the DynamoDB and ECS that it talks to are its own,
 * and a profile, FIPS endpoints or a region meant for AWS would only break that. The SDK reads both variables and files.
 */
export const forgetAwsSettings = (env: NodeJS.ProcessEnv): void => {
  for (const name of Object.keys(env)) if (name.startsWith("AWS_")) Reflect.deleteProperty(env, name);
  env["AWS_CONFIG_FILE"] = devNull;
  env["AWS_SHARED_CREDENTIALS_FILE"] = devNull;
  env["AWS_EC2_METADATA_DISABLED"] = "true";
};
