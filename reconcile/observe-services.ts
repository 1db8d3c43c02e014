import type { TransitionTable } from "../handler/transition-table.ts";
import type { SeenService } from "./cluster-services.ts";
import { judgeService } from "./ecs-verdict.ts";
import type { FleetFinding } from "./fleet-finding.ts";
import { type SpooledObservation, writeObservation } from "./spooled-observation.ts";
import { tenantOf } from "./service-tenant.ts";
import type { Spool } from "./spool.ts";

/** Puts aside what the cluster's services say of the tenants, and says what it found on the way. */
export async function* observeServices(
  seenServices: AsyncIterable<SeenService>,
  environment: string,
  table: TransitionTable,
  observations: Spool<SpooledObservation>,
): AsyncGenerator<FleetFinding> {
  for await (const seen of seenServices) {
    const { serviceArn, at } = seen;
    yield { kind: "service", serviceArn };
    switch (seen.kind) {
      // Deleted between being listed and being described: its tenant's row names it, and it will be asked about again.
      case "missing":
        continue;
      case "unanswered":
        yield { kind: "unanswered", services: 1, serviceArn, why: seen.why };
        continue;
      case "described": {
        const tenant = tenantOf(seen.service, environment);
        if (tenant.kind === "nobody") {
          yield { kind: "service_without_tenant", serviceArn, why: tenant.why };
          continue;
        }
        const { tenantId } = tenant;
        yield { kind: "tenant_service", serviceArn, tenantId, at };
        const verdict = judgeService(seen.service, table, new Date(at));
        observations.add(tenantId, writeObservation({ tenantId, serviceArn, verdict, at }));
      }
    }
  }
}
