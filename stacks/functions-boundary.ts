import type { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";

/** The boundary that the functions' roles carry; undefined where they carry none. */
export const functionsBoundaryArn = (environment: Environment): string | undefined =>
  environment.permissionsBoundary === true ? resourceNames(environment).boundaryArn : undefined;

/** The role that deploys can change no role without the boundary. */
export const limitByBoundary = (role: IamRole, environment: Environment): void => {
  const boundary = functionsBoundaryArn(environment);
  if (boundary !== undefined) role.permissionsBoundary = boundary;
};
