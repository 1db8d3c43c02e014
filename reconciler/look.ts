import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { TransitionTable } from "../handler/transition-table.ts";
import type { ClusterServices } from "../reconcile/cluster-services.ts";
import { Counter, type FleetFinding, type Tally } from "../reconcile/fleet-finding.ts";
import { Fleet } from "../reconcile/fleet.ts";
import { findBlownFuse } from "../reconcile/fuse.ts";
import type { Spool, SpoolFolder } from "../reconcile/spool.ts";
import { type SpooledDrift, writeDrift } from "../reconcile/spooled-drift.ts";
import { scanTenantRows, type SeenRow } from "../reconcile/tenant-rows.ts";
import type { ReconcilerConfiguration } from "./configuration.ts";
import { createStatusCounts, type StatusCounts } from "./fleet-metrics.ts";
import type { ServiceOwner } from "./service-owner.ts";
import { createTroubles, type Trouble } from "./troubles.ts";

/** What a look at the fleet found; what there may be thousands of is put aside in files. */
export interface Look {
  readonly tally: Tally;
  readonly byStatus: ReadonlyMap<string, number>;
  readonly troubles: readonly Trouble[];
  /** By tenant. */
  readonly drifts: Spool<SpooledDrift>;
  /** By service. */
  readonly owners: Spool<ServiceOwner>;
  /** Why nothing may be changed; undefined while the fuse holds. */
  readonly blown: string | undefined;
}

export interface LookContext {
  readonly configuration: ReconcilerConfiguration;
  readonly table: TransitionTable;
  readonly dynamoDb: DynamoDBClient;
  readonly services: ClusterServices;
  readonly spools: SpoolFolder;
  readonly signal: AbortSignal;
}

/**
 * Looks at all services and all rows.
 * @param active how many active services ECS had counted before.
 */
export const look = async (
  { configuration, table, dynamoDb, services, spools, signal }: LookContext,
  active: number,
): Promise<Look> => {
  const { environment, serviceArnPrefix, tenantsTable, tenantKey: key, statusAttribute } = configuration;
  const counter = new Counter();
  const troubles = createTroubles();
  const statuses = createStatusCounts(table);
  const drifts = spools.create<SpooledDrift>();
  const owners = spools.create<ServiceOwner>();
  const take = async (findings: AsyncIterable<FleetFinding>): Promise<void> => {
    for await (const finding of findings) {
      counter.add(finding);
      troubles.add(finding);
      if (finding.kind === "drift") drifts.add(finding.drift.tenantId, writeDrift(finding.drift));
      if (finding.kind === "tenant_service") owners.add(finding.serviceArn, finding);
    }
  };

  const fleet = new Fleet(services, { table, environment, serviceArnPrefix }, spools);
  await take(fleet.observe(active));
  const rows = scanTenantRows(dynamoDb, { table: tenantsTable, key, statusAttribute }, table, signal);
  await take(fleet.compare(counted(rows, statuses)));
  const { tally } = counter;
  return {
    tally,
    byStatus: statuses.byStatus(),
    troubles: troubles.list(),
    drifts,
    owners,
    blown: findBlownFuse(tally, configuration.fuse),
  };
};

async function* counted(rows: AsyncIterable<SeenRow>, statuses: StatusCounts): AsyncGenerator<SeenRow> {
  for await (const seen of rows) {
    if (seen.kind === "row") statuses.add(seen.row.status);
    yield seen;
  }
}
