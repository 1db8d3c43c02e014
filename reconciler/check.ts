import type { ECSClient } from "@aws-sdk/client-ecs";
import { ClusterServices } from "../reconcile/cluster-services.ts";
import type { ReadyAnswer } from "./answer.ts";
import type { ReconcilerConfiguration } from "./configuration.ts";
import type { Lease } from "./lease.ts";

const TIMEOUT_MS = 15_000;

/**
 * Says whether all that a run needs can be reached, before and after a release; changes nothing.
 * @throws what AWS's trouble is.
 */
export const createCheck =
  (
    {
      environment,
      clusterArn,
      repair,
    }: Pick<ReconcilerConfiguration, "environment" | "clusterArn" | "repair">,
    ecs: ECSClient,
    lease: Pick<Lease, "look">,
  ) =>
  async (): Promise<ReadyAnswer> => {
    const services = await new ClusterServices(ecs, clusterArn, AbortSignal.timeout(TIMEOUT_MS)).count();
    await lease.look();
    return { status: "ready", environment, services, repair };
  };
