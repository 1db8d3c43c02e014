import { PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { CreateServiceCommand, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { resourceNames } from "../envs/resource-names.ts";
import type { Place } from "./context.ts";

/** A tenant's row. */
export type RowAttributes = Readonly<Record<string, unknown>>;

export const serviceArnOf = ({ environment }: Place, tenantId: string): string =>
  `${resourceNames(environment).serviceArnPrefix}tenant-${tenantId}`;

export interface NewTenant {
  /** Attributes besides the key that its row begins with. */
  readonly row?: RowAttributes;
  /** What its service is tagged with; else its own id and environment. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Creates a tenant as the services before us do: a row, and an ECS service with its tags. */
export const createTenant = async (
  place: Place,
  tenantId: string,
  { row = {}, tags }: NewTenant = {},
): Promise<void> => {
  await putRow(place, tenantId, row);
  await createService(place, tenantId, tags);
};

export const putRow = async (
  { account, environment }: Place,
  tenantId: string,
  row: RowAttributes,
): Promise<void> => {
  await account.aws.dynamoDb.send(
    new PutItemCommand({
      TableName: environment.tenants.table,
      Item: marshall({ tenant_id: tenantId, company: `${tenantId} Ltd`, ...row }),
    }),
  );
};

export const createService = async (
  { account, environment }: Place,
  tenantId: string,
  tags: Readonly<Record<string, string>> = {
    "bbws:tenant-id": tenantId,
    "bbws:environment": environment.environment,
  },
): Promise<void> => {
  await account.aws.ecs.send(
    new CreateServiceCommand({
      cluster: environment.cluster,
      serviceName: `tenant-${tenantId}`,
      taskDefinition: TASK_FAMILY,
      desiredCount: 1,
      launchType: "FARGATE",
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    }),
  );
};

const TASK_FAMILY = "wordpress";

export const registerTaskDefinition = async ({ account }: Place): Promise<void> => {
  await account.aws.ecs.send(
    new RegisterTaskDefinitionCommand({
      family: TASK_FAMILY,
      containerDefinitions: [{ name: "wordpress", image: "wordpress", memory: 512 }],
    }),
  );
};

/** The whole table, by tenant. */
export const readRows = async ({
  account,
  environment,
}: Place): Promise<ReadonlyMap<string, RowAttributes>> => {
  const { Items = [] } = await account.aws.dynamoDb.send(
    new ScanCommand({ TableName: environment.tenants.table, ConsistentRead: true }),
  );
  return new Map(
    Items.map((item) => {
      const row: RowAttributes = unmarshall(item);
      return [String(row["tenant_id"]), row];
    }),
  );
};

export const readStatuses = async (
  place: Place,
  tenantIds: readonly string[],
): Promise<Readonly<Record<string, unknown>>> => {
  const rows = await readRows(place);
  return Object.fromEntries(tenantIds.map((tenantId) => [tenantId, rows.get(tenantId)?.["status"]]));
};
