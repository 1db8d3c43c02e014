import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import { CreateClusterCommand } from "@aws-sdk/client-ecs";
import type { Place } from "./context.ts";
import { createTenant, registerTaskDefinition } from "./tenants.ts";

/** What others own and a deployment finds: the tenants' table, the cluster, and a tenant with a service. */
export const createPrerequisites = async (place: Place): Promise<void> => {
  const { environment, account } = place;
  const keys = Object.keys(environment.tenants.key);
  await account.aws.dynamoDb.send(
    new CreateTableCommand({
      TableName: environment.tenants.table,
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: keys.map((AttributeName, index) => ({
        AttributeName,
        KeyType: index === 0 ? "HASH" : "RANGE",
      })),
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  await account.aws.ecs.send(new CreateClusterCommand({ clusterName: environment.cluster }));
  await registerTaskDefinition(place);
  await createTenant(place, "first");
};
