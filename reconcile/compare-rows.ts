import pMap from "p-map";
import type { EventRule } from "../handler/transition-data.ts";
import type { TransitionTable } from "../handler/transition-table.ts";
import { ObstacleError } from "../checklist/errors.ts";
import { DESCRIBE_BATCH, DESCRIBE_CONCURRENCY, type SeenService } from "./cluster-services.ts";
import { compareRow } from "./drift.ts";
import { judgeService } from "./ecs-verdict.ts";
import { futureEvents } from "./forget-future.ts";
import type { Observation } from "./observation.ts";
import type { ObservedServices, ServiceWithoutTenant } from "./observe-services.ts";
import { eventSeenAs } from "./seen-event.ts";
import type { SeenRow } from "./tenant-rows.ts";
import { compareText } from "../checklist/compare-text.ts";

/** A row that says something else than its service. */
export interface Drift {
  readonly tenantId: string;
  readonly rowSays: string | undefined;
  readonly rowSince: string | undefined;
  readonly observation: Observation;
  /** What has to be told to the handler, in this order. */
  readonly events: readonly EventRule[];
}

export interface TenantProblem {
  readonly tenantId: string;
  readonly why: string;
}

export interface TenantWithoutService extends TenantProblem {
  /** It had a service, as far as is known; else none was made for it yet. */
  readonly isLost: boolean;
}

export interface Comparisons {
  readonly tenants: number;
  readonly agreeing: number;
  /** They differ, rightly: another service's status, or an event newer than the observation. */
  readonly kept: number;
  readonly drifts: readonly Drift[];
  readonly withoutService: readonly TenantWithoutService[];
  readonly servicesWithoutTenant: readonly ServiceWithoutTenant[];
  /** Rows that the handler would refuse to touch. */
  readonly malformed: readonly TenantProblem[];
  /** Rows that remember an event of the future: until then nothing that happens counts, so they are not compared. */
  readonly ahead: readonly TenantProblem[];
}

export interface CompareOptions {
  readonly table: TransitionTable;
  /** Asks ECS about up to DESCRIBE_BATCH services. */
  readonly see: (serviceArns: readonly string[]) => Promise<readonly SeenService[]>;
  /** What the ARNs of the cluster's services begin with. */
  readonly serviceArnPrefix: string;
  /** What time it is by ECS's clock. */
  readonly now: () => Date;
  readonly progress: (tenants: number) => void;
}

type ReadableRow = Extract<SeenRow, { kind: "row" }>;

/**
 * Compares each row with its tenant's service. The rows are read after the services were seen: a row may know newer
 * events than the observation, which then count, but never older ones that make for a false alarm.
 *
 * A tenant without a service counts as deleted only when its row names the service and ECS, asked about just that one,
 * says so: a tag that is missing, or that may not be read, deletes nobody.
 */
export const compareRows = async (
  rows: AsyncIterable<SeenRow>,
  observed: ObservedServices,
  { table, see, serviceArnPrefix, now, progress }: CompareOptions,
): Promise<Comparisons> => {
  const unseen = new Map(observed.observations);
  const drifts: Drift[] = [];
  const withoutService: TenantWithoutService[] = [];
  const malformed: TenantProblem[] = [];
  const ahead: TenantProblem[] = [];
  const deletedStatus = eventSeenAs("deleted", table).status;
  let tenants = 0;
  let agreeing = 0;
  let kept = 0;

  const record = ({ tenantId, row, since }: ReadableRow, observation: Observation): void => {
    const comparison = compareRow(row, observation, table);
    switch (comparison.kind) {
      case "agrees":
        agreeing++;
        return;
      case "kept":
        kept++;
        return;
      case "drift":
        drifts.push({
          tenantId,
          rowSays: row.status,
          rowSince: since,
          observation,
          events: comparison.events,
        });
    }
  };

  /** Compares what can be compared at once; yields, in batches, the rows whose service ECS has to be asked about. */
  async function* rowsToAskAbout(): AsyncGenerator<ReadableRow[]> {
    let batch: ReadableRow[] = [];
    for await (const seen of rows) {
      progress(++tenants);
      const { tenantId } = seen;
      const observation = unseen.get(tenantId);
      unseen.delete(tenantId);
      const rivals = observed.contested.get(tenantId);
      const future = seen.kind === "row" ? futureEvents(seen.row.events, now()) : [];
      if (seen.kind === "malformed") malformed.push({ tenantId, why: seen.problem });
      else if (future.length > 0)
        ahead.push({
          tenantId,
          why: `${statusOf(seen)}, by ${future.map(({ name, at, id }) => `${name} of ${at} (${id})`).join(", ")}`,
        });
      else if (observation !== undefined) record(seen, observation);
      else if (rivals !== undefined)
        withoutService.push({
          tenantId,
          why: `${statusOf(seen)}, claimed by several services, of which one only may bear its tag: ${rivals.join(", ")}`,
          isLost: true,
        });
      else if (seen.row.status === deletedStatus) agreeing++;
      else if (seen.row.serviceArn === undefined)
        withoutService.push({ tenantId, why: `${statusOf(seen)}, no service bears its tag`, isLost: false });
      else if (!isInCluster(seen.row.serviceArn, serviceArnPrefix))
        withoutService.push({
          tenantId,
          why: `${statusOf(seen)}, ${seen.row.serviceArn} is not of this cluster`,
          isLost: true,
        });
      else batch.push(seen);

      if (batch.length === DESCRIBE_BATCH) {
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  }

  const ask = async (batch: readonly ReadableRow[]): Promise<void> => {
    const services = await see([...new Set(batch.map(({ row }) => row.serviceArn ?? ""))]);
    const byName = new Map(services.map((seen) => [serviceNameOf(seen.serviceArn), seen]));
    for (const seen of batch) {
      const { tenantId, row } = seen;
      const serviceArn = row.serviceArn ?? "";
      const answer = byName.get(serviceNameOf(serviceArn));
      if (answer === undefined)
        throw new ObstacleError(`ECS was asked about ${serviceArn} and did not answer`);
      const verdict = judgeService(answer.service, table);
      if (verdict.rule.status === deletedStatus)
        record(seen, { tenantId, serviceArn, verdict, at: answer.at });
      else
        withoutService.push({
          tenantId,
          why: `${statusOf(seen)}, ${serviceArn} does not bear its tag`,
          isLost: true,
        });
    }
  };
  await pMap(rowsToAskAbout(), ask, { concurrency: DESCRIBE_CONCURRENCY });

  return {
    tenants,
    agreeing,
    kept,
    drifts: drifts.sort(byTenant),
    withoutService: withoutService.sort(byTenant),
    malformed: malformed.sort(byTenant),
    ahead: ahead.sort(byTenant),
    servicesWithoutTenant: [
      ...observed.withoutTenant,
      ...[...unseen.values()].map(({ tenantId, serviceArn }) => ({
        serviceArn,
        why: `tenant ${tenantId} has no row`,
      })),
    ].sort((a, b) => compareText(a.serviceArn, b.serviceArn)),
  };
};

const statusOf = ({ row }: ReadableRow): string => row.status ?? "no status";

/** Very old services have ARNs that do not name their cluster. */
const isInCluster = (serviceArn: string, prefix: string): boolean =>
  serviceArn.startsWith(prefix) || /:service\/[^/]+$/.test(serviceArn);

/** Unique in a cluster. */
const serviceNameOf = (serviceArn: string): string => serviceArn.split("/").at(-1) ?? "";

const byTenant = (a: { readonly tenantId: string }, b: { readonly tenantId: string }): number =>
  compareText(a.tenantId, b.tenantId);
