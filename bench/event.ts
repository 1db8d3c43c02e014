/** An event in the shape that ECS sends, without tags: the tenant is that of the service, asked for once. */
export const EVENT = {
  version: "0",
  id: "event-0",
  "detail-type": "ECS Service Action",
  source: "aws.ecs",
  account: "123456789012",
  time: "2026-03-01T10:00:00Z",
  region: "af-south-1",
  resources: ["arn:aws:ecs:af-south-1:123456789012:service/tenants/tenant-acme"],
  detail: {
    eventType: "INFO",
    eventName: "SERVICE_STEADY_STATE",
    clusterArn: "arn:aws:ecs:af-south-1:123456789012:cluster/tenants",
    createdAt: "2026-03-01T10:00:00.482Z",
  },
} as const;

/** What the handler and the other variants are told by their environment. */
export const FUNCTION_ENVIRONMENT = {
  ENVIRONMENT: "dev",
  TENANTS_TABLE: "tenants-dev",
  CLUSTER_ARN: EVENT.detail.clusterArn,
  AWS_REGION: EVENT.region,
  AWS_DEFAULT_REGION: EVENT.region,
  AWS_ACCESS_KEY_ID: "AKIATEST",
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_SESSION_TOKEN: "session",
} as const;
