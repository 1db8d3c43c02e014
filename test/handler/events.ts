import { randomUUID } from "node:crypto";

export const CLUSTER_ARN = "arn:aws:ecs:af-south-1:536580886816:cluster/bbws-cluster-dev";

export const serviceArnOf = (tenantId: string): string =>
  `arn:aws:ecs:af-south-1:536580886816:service/bbws-cluster-dev/tenant-${tenantId}-wordpress`;

/** What a test may want to say of an event; everything else is as AWS sends it. */
export interface EventOptions {
  readonly id?: string;
  readonly time?: string;
  readonly resources?: readonly unknown[];
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** An `ECS Service Action` event in the shape that AWS sends. */
export const serviceAction = (eventName: string, options: EventOptions = {}): Record<string, unknown> => {
  const time = options.time ?? "2026-03-01T10:00:00Z";
  return envelope("ECS Service Action", time, options, {
    eventType: "INFO",
    eventName,
    clusterArn: CLUSTER_ARN,
    createdAt: time.replace("Z", ".482Z"),
  });
};

/** An `ECS Deployment State Change` event in its older shape, which does not name the cluster. */
export const deploymentStateChange = (
  eventName: string,
  deploymentId: string,
  options: EventOptions = {},
): Record<string, unknown> => {
  const time = options.time ?? "2026-03-01T10:00:00Z";
  return envelope("ECS Deployment State Change", time, options, {
    eventType: "INFO",
    eventName,
    deploymentId,
    updatedAt: "2026-03-01T09:59:20.101Z",
    reason: `ECS deployment ${deploymentId} in progress.`,
  });
};

const envelope = (
  detailType: string,
  time: string,
  { id = randomUUID(), resources = [serviceArnOf("acme")], detail = {} }: EventOptions,
  ownDetail: Record<string, unknown>,
): Record<string, unknown> => ({
  version: "0",
  id,
  "detail-type": detailType,
  source: "aws.ecs",
  account: "536580886816",
  time,
  region: "af-south-1",
  resources,
  detail: { ...ownDetail, ...detail },
});

/** The inline tags of a tenant's test event. */
export const tagsOf = (tenantId: unknown, environment: unknown = "dev"): unknown[] => [
  { key: "bbws:tenant-id", value: tenantId },
  { key: "bbws:environment", value: environment },
];
