import { paginateListServices } from "@aws-sdk/client-ecs";
import { type ClusterServices, DESCRIBE_BATCH, type SeenService } from "../../reconcile/cluster-services.ts";
import { isInCluster, serviceNameOf } from "../../reconcile/service-arn.ts";
import type { Context } from "../context.ts";
import { isOf } from "../dlq/filter.ts";

/**
 * The services that may be a tenant's: those that the row and the directory name, which knows every service that has had
 * an event. Where neither names one, those whose name has the tenant's id in it. To look at the tags of all services
 * would take ECS minutes.
 */
export const seeTenantServices = async (
  { aws, names, signal }: Pick<Context, "aws" | "names" | "signal">,
  services: ClusterServices,
  tenantId: string,
  known: readonly string[],
): Promise<readonly SeenService[]> => {
  const arns = new Set(known.filter((arn) => isInCluster(arn, names.serviceArnPrefix)));
  if (arns.size === 0)
    for await (const { serviceArns = [] } of paginateListServices(
      { client: aws.ecs, pageSize: 100 },
      { cluster: names.clusterArn },
      { abortSignal: signal },
    ))
      for (const serviceArn of serviceArns)
        if (isOf({ tenantId: undefined, serviceArn }, tenantId)) arns.add(serviceArn);
  const all = [...new Map([...arns].map((arn) => [serviceNameOf(arn), arn])).values()];
  const batches = Array.from({ length: Math.ceil(all.length / DESCRIBE_BATCH) }, (_, index) =>
    services.see(all.slice(index * DESCRIBE_BATCH, (index + 1) * DESCRIBE_BATCH)),
  );
  return (await Promise.all(batches)).flat();
};
