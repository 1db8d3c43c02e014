/** The made-up account that the storm is played in. */
export const CLUSTER_ARN = "arn:aws:ecs:af-south-1:123456789012:cluster/bbws-cluster-dev";
export const TENANTS_TABLE = "bbws-tenants-dev";
export const SERVICES_TABLE = "bbws-ecs-event-handler-services-dev";

export const tenantIdOf = (index: number): string => `tenant-${index}`;

/** What a service says at some time, in the shape that AWS sends. Every second one starts a deployment. */
export const stormEvent = (index: number, at: number): object =>
  index % 2 === 0
    ? envelope(index, at, "ECS Deployment State Change", {
        eventType: "INFO",
        eventName: "SERVICE_DEPLOYMENT_IN_PROGRESS",
        deploymentId: `ecs-svc/${index}`,
        updatedAt: new Date(at).toISOString(),
        reason: `ECS deployment ecs-svc/${index} in progress.`,
      })
    : serviceAction(index, at, "SERVICE_TASK_START_IMPAIRED");

export const serviceAction = (index: number, at: number, eventName: string): object =>
  envelope(index, at, "ECS Service Action", {
    eventType: "INFO",
    eventName,
    clusterArn: CLUSTER_ARN,
    createdAt: new Date(at).toISOString(),
  });

const envelope = (index: number, at: number, detailType: string, detail: object): object => ({
  version: "0",
  id: `event-of-${tenantIdOf(index)}-${at}`,
  "detail-type": detailType,
  source: "aws.ecs",
  account: "123456789012",
  time: new Date(at).toISOString().replace(/\.\d+Z$/, "Z"),
  region: "af-south-1",
  resources: [`${CLUSTER_ARN.replace(":cluster/", ":service/")}/${tenantIdOf(index)}`],
  detail,
});
