import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import type { TerraformStack } from "cdktf";
import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";

/**
 * The directory: which service is which tenant's, as ECS last said (handler/directory-item.ts). A cache, whose loss costs
 * nothing but requests to ECS: no backups, no protection against deletion.
 */
export const addServicesTable = (stack: TerraformStack, environment: Environment): DynamodbTable => {
  const { servicesTableName, servicesTableKey, servicesTableTtlAttribute } = resourceNames(environment);
  return new DynamodbTable(stack, "services-table", {
    name: servicesTableName,
    billingMode: "PAY_PER_REQUEST",
    hashKey: servicesTableKey,
    attribute: [{ name: servicesTableKey, type: "S" }],
    ttl: { enabled: true, attributeName: servicesTableTtlAttribute },
    serverSideEncryption: { enabled: true },
  });
};
