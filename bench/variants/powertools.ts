import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { EventBridgeSchema } from "@aws-lambda-powertools/parser/schemas";
import { ConditionalCheckFailedException, DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { ECSClient, ListTagsForResourceCommand } from "@aws-sdk/client-ecs";
import { z } from "zod";

/**
 * What one would write with Powertools for AWS Lambda: its logger, metrics and parser. It sets the tenant's status
 * and no more: no memory of events, so that late and repeated ones overwrite newer ones.
 */
const { TENANTS_TABLE = "" } = process.env; // eslint-disable-line no-restricted-syntax -- a function's edge

const logger = new Logger({ serviceName: "tenant-events" });
const metrics = new Metrics({ namespace: "Tenants", serviceName: "tenant-events" });
const dynamoDb = new DynamoDBClient({});
const ecs = new ECSClient({});

const ecsEventSchema = EventBridgeSchema.extend({
  source: z.literal("aws.ecs"),
  detail: z.object({ eventType: z.string(), eventName: z.string(), reason: z.string().optional() }),
});

const STATUSES = new Map([
  ["SERVICE_DEPLOYMENT_IN_PROGRESS", "PROVISIONING"],
  ["SERVICE_DEPLOYMENT_COMPLETED", "ACTIVE"],
  ["SERVICE_DEPLOYMENT_FAILED", "FAILED"],
  ["SERVICE_STEADY_STATE", "ACTIVE"],
  ["SERVICE_TASK_START_IMPAIRED", "FAILED"],
]);

const tenants = new Map<string, string | undefined>();

const findTenant = async (serviceArn: string): Promise<string | undefined> => {
  if (!tenants.has(serviceArn)) {
    const { tags = [] } = await ecs.send(new ListTagsForResourceCommand({ resourceArn: serviceArn }));
    tenants.set(serviceArn, tags.find(({ key }) => key === "bbws:tenant-id")?.value);
  }
  return tenants.get(serviceArn);
};

export const handler = async (input: unknown): Promise<unknown> => {
  const event = ecsEventSchema.parse(input);
  const status = STATUSES.get(event.detail.eventName);
  const tenantId = await findTenant(event.resources[0] ?? "");
  if (status === undefined || tenantId === undefined) return { ignored: true };
  try {
    const { Attributes: before } = await dynamoDb.send(
      new UpdateItemCommand({
        TableName: TENANTS_TABLE,
        Key: { tenant_id: { S: tenantId } },
        ConditionExpression: "attribute_exists(tenant_id)",
        UpdateExpression: "SET #status = :status, updated_at = :now",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: { ":status": { S: status }, ":now": { S: new Date().toISOString() } },
        ReturnValues: "UPDATED_OLD",
      }),
    );
    logger.info("Tenant status updated", { tenantId, status, previous: before?.["status"]?.S });
    metrics.addMetric("EventsProcessed", MetricUnit.Count, 1);
    return { tenantId, status };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { ignored: true };
  } finally {
    metrics.publishStoredMetrics();
  }
};
