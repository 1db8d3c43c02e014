import type { SeenService } from "./cluster-services.ts";
import { compareRows, type CompareOptions } from "./compare-rows.ts";
import { judgeService } from "./ecs-verdict.ts";
import type { FleetFinding } from "./fleet-finding.ts";
import { tenantOf } from "./service-tenant.ts";
import type { Spool } from "./spool.ts";
import { type SpooledObservation, writeObservation } from "./spooled-observation.ts";
import type { SeenRow } from "./tenant-rows.ts";

/**
 * Compares one tenant's row with the services that may be its, as a look at the whole fleet would.
 * @param services only those count that bear the tenant's tags.
 */
export const compareTenant = async (
  row: SeenRow | undefined,
  tenantId: string,
  services: readonly SeenService[],
  options: CompareOptions,
): Promise<readonly FleetFinding[]> => {
  const observations = services.flatMap((seen): SpooledObservation[] => {
    if (seen.kind !== "described") return [];
    const { service, serviceArn, at } = seen;
    const tenant = tenantOf(service, options.environment);
    if (tenant.kind === "nobody" || tenant.tenantId !== tenantId) return [];
    const verdict = judgeService(service, options.table, new Date(at));
    return [writeObservation({ tenantId, serviceArn, verdict, at })];
  });
  const findings: FleetFinding[] = [];
  const rows = row === undefined ? [] : [row];
  for await (const finding of compareRows(inMemory(rows), inMemory(observations), options))
    findings.push(finding);
  return findings;
};

/** All in the first shard: one tenant's are few. */
const inMemory = <T>(records: readonly T[]): Spool<T> => ({
  add: () => undefined,
  read: (shard) => (shard === 0 ? records : []),
});
