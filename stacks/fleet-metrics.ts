import type { Environment } from "../envs/environment.ts";
import type { Metric } from "./metrics.ts";

/** What the scheduled reconciler tells of all tenants, and of itself (reconciler/fleet-metrics.ts). */
export interface FleetMetrics {
  /** Runs that looked at everything; a blown fuse is one, too. */
  readonly runsCompleted: Metric;
  readonly runsUnfinished: Metric;
  readonly runsSteppedAside: Metric;
  readonly fuseBlown: Metric;
  readonly runDuration: Metric;
  readonly rowsRepaired: Metric;
  readonly rowsDrifted: Metric;
  readonly repairsFailed: Metric;
  /** Services of the cluster that are a tenant's. */
  readonly tenantServices: Metric;
  readonly servicesWithoutTenant: Metric;
  readonly tenantsWithoutService: Metric;
  readonly servicesContested: Metric;
  readonly rowsMalformed: Metric;
  readonly rowsAhead: Metric;
  readonly failedTenants: Metric;
}

export const FLEET_NAMESPACE = "BBWS/Tenants";

export const fleetMetrics = ({ environment }: Environment): FleetMetrics => {
  const metric = (
    metricName: string,
    stat: Metric["stat"],
    dimensions: Metric["dimensions"] = {},
  ): Metric => ({
    namespace: FLEET_NAMESPACE,
    metricName,
    dimensions: { Environment: environment, ...dimensions },
    stat,
  });
  return {
    runsCompleted: metric("RunsCompleted", "Sum"),
    runsUnfinished: metric("RunsUnfinished", "Sum"),
    runsSteppedAside: metric("RunsSteppedAside", "Sum"),
    fuseBlown: metric("FuseBlown", "Sum"),
    runDuration: metric("RunDurationMs", "Maximum"),
    rowsRepaired: metric("RowsRepaired", "Sum"),
    // What a run found and left so: the same rows again in the next run, so not to be added up.
    rowsDrifted: metric("RowsDrifted", "Maximum"),
    repairsFailed: metric("RepairsFailed", "Sum"),
    tenantServices: metric("TenantServices", "Maximum"),
    servicesWithoutTenant: metric("ServicesWithoutTenant", "Maximum"),
    tenantsWithoutService: metric("TenantsWithoutService", "Maximum"),
    servicesContested: metric("ServicesContested", "Maximum"),
    rowsMalformed: metric("RowsMalformed", "Maximum"),
    rowsAhead: metric("RowsAhead", "Maximum"),
    failedTenants: metric("Tenants", "Maximum", { Status: "FAILED" }),
  };
};
