import { tmpdir } from "node:os";
import { transitionTable as table } from "../../handler/transition-table.ts";
import { type Check, fail, inconclusive, judge, pass } from "../../checklist/check.ts";
import { OperatorError } from "../../checklist/errors.ts";
import type { Checklist } from "../../checklist/stage.ts";
import { ClusterServices } from "../../reconcile/cluster-services.ts";
import { Fleet } from "../../reconcile/fleet.ts";
import { findBlownFuse } from "../../reconcile/fuse.ts";
import { type Repair, repairDrifts } from "../../reconcile/repair.ts";
import { SpoolFolder } from "../../reconcile/spool.ts";
import { scanTenantRows } from "../../reconcile/tenant-rows.ts";
import { rightAccount } from "../checks/account.ts";
import { declareEnvironmentCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { type FleetReport, FleetReporter } from "../reconcile/fleet-report.ts";
import { fuseCheck, judgeRepairs, reportChecks } from "../reconcile/report-checks.ts";
import { createResult } from "../reconcile/result.ts";
import { createSendRepair } from "../reconcile/send-repair.ts";
import type { FleetFinding } from "../../reconcile/fleet-finding.ts";
import { type TenantLookUps, tenantLookUps } from "../tenants/look-up-tenant.ts";
import { findUnknownTenant } from "../tenants/unknown-tenant.ts";
import { parsePositive, parseReason, parseTenantId } from "./option-parsers.ts";

export const reconcile = declareEnvironmentCommand({
  name: "reconcile",
  summary: "compare the rows of the tenants with ECS, and repair them",
  description:
    "Compares every service of the cluster with its tenant's row and reports the rows that disagree: an event was " +
    "lost, or ECS never sent one, as for deleted services. Rows with a status of another service, or with newer " +
    "events, are not touched. Also lists tenants without a service, services without a tenant, and rows that hold an " +
    "event of the future, which no real event can replace: forget-future repairs those.\n\n" +
    "With --apply, the handler receives the missing events, with the time at which ECS was asked. Nothing else " +
    "writes the rows.\n\n" +
    "A run that would change more tenants than the environment's fuse allows (reconciler.fuse in envs/) changes " +
    "none: a wrong cluster or lost tags are the likelier cause. --force overrides the fuse.\n\n" +
    "Exit code 1: rows disagree and --apply was not given, a repair failed, tenants have lost their service, ECS did not " +
    "describe a service, or a row cannot be read or holds an event of the future.",
  examples: [
    "reconcile dev",
    "reconcile prod --json",
    "reconcile prod --apply",
    "reconcile prod --tenant acme --apply",
    'reconcile prod --apply --force --reason "the cluster was emptied on purpose"',
  ],
  options: (command) =>
    command
      .option("--apply", "repair the rows that disagree")
      .option("--force", "with --apply: also when that is more than the fuse allows; needs --reason")
      .option("--reason <text>", "why; recorded in the audit lines", parseReason)
      .option("--tenant <id>", "compare, and repair, this tenant only", parseTenantId)
      .option("--concurrency <n>", "how many tenants to repair at the same time", parsePositive, 8),
  plan: (context, options) => {
    if (options.force === true && (options.apply !== true || options.reason === undefined))
      throw new OperatorError("--force goes with --apply, and with a --reason for its record");
    return compareAndRepair(context, options);
  },
});

interface ReconcileOptions {
  readonly apply?: boolean | undefined;
  readonly force?: boolean | undefined;
  readonly reason?: string | undefined;
  readonly tenant?: string | undefined;
  readonly concurrency: number;
}

const compareAndRepair = (
  context: Context,
  { apply = false, force = false, reason, tenant, concurrency }: ReconcileOptions,
): Checklist => {
  const { aws, environment, names, signal } = context;
  const services = new ClusterServices(aws.ecs, names.clusterArn, signal);
  const reporter = new FleetReporter();
  let spools: SpoolFolder | undefined;
  let fleet: Fleet | undefined;
  let report: FleetReport | undefined;
  let blownFuse: string | undefined;
  const repairs: Repair[] = [];
  let looked: TenantLookUps | undefined;
  const lookUps = (tenantId: string): TenantLookUps => (looked ??= tenantLookUps(context, tenantId));
  const findingsOf = async function* (tenantId: string): AsyncGenerator<FleetFinding> {
    yield { kind: "row", tenantId };
    yield* await lookUps(tenantId).findings();
  };

  const seeServices: Check = {
    title: `Services of ${environment.cluster}`,
    run: async (progress) => {
      if (tenant !== undefined) {
        const seen = await lookUps(tenant).services();
        return pass(`${seen.length} may be of ${tenant}`);
      }
      const active = await services.count();
      spools = new SpoolFolder(tmpdir());
      fleet = new Fleet(
        services,
        { table, environment: environment.environment, serviceArnPrefix: names.serviceArnPrefix },
        spools,
      );
      await reporter.take(fleet.observe(active), "service", active, progress);
      const { service, tenant_service } = reporter.report.tally;
      return pass(`${service} services, ${tenant_service} of them tenants'`);
    },
  };

  const compareWithRows: Check = {
    title: `Rows of ${environment.tenants.table}`,
    run: async (progress) => {
      if (tenant !== undefined) {
        if ((await lookUps(tenant).row()) === null) {
          const unknown =
            (await lookUps(tenant).services()).length === 0
              ? await findUnknownTenant(context, tenant)
              : undefined;
          if (unknown !== undefined) throw unknown;
          return fail(`there is no tenant ${tenant}`);
        }
        await reporter.take(findingsOf(tenant), "row", 1, progress);
      } else {
        if (fleet === undefined) return inconclusive("the services were not seen");
        const rows = scanTenantRows(aws.dynamoDb, environment.tenants, table, signal);
        await reporter.take(fleet.compare(rows), "row", reporter.report.tally.tenant_service, progress);
      }
      report = reporter.report;
      const { row, drift } = report.tally;
      // One tenant, named by the operator, is no sign of a wrong cluster.
      blownFuse = tenant === undefined ? findBlownFuse(report.tally, environment.reconciler.fuse) : undefined;
      const found = `${drift} of ${row} disagree`;
      // In order to be repaired, rows may disagree.
      return apply ? pass(found) : judge(drift === 0, found, "all to agree with ECS");
    },
  };

  const repair: Check = {
    title: "Repair",
    run: async (progress) => {
      const drifts = report?.drifts ?? [];
      if (drifts.length === 0) return pass("nothing to repair");
      const { arn: by } = await context.identity();
      await repairDrifts(drifts, {
        concurrency,
        signal,
        send: createSendRepair(context),
        audit: (repaired) => {
          repairs.push(repaired);
          context.audit({ by, ...repaired, reason, blownFuse });
          progress({ done: repairs.length, total: drifts.length, text: "tenants" });
        },
      });
      return judgeRepairs(repairs);
    },
  };

  const read = (): FleetReport | undefined => report;
  const fuse = fuseCheck({ read, blown: () => blownFuse, force, environment: environment.environment });
  return {
    runs: "all",
    checks: [
      {
        runs: "until-failure",
        checks: [rightAccount(context), seeServices, compareWithRows, ...(apply ? [fuse, repair] : [])],
      },
      // Last: a tenant that nobody can judge should not keep the others from being repaired.
      ...(apply ? [] : [fuse]),
      ...reportChecks(read),
    ],
    result: () => {
      spools?.remove();
      return (
        report && createResult(report, repairs, { apply, blownFuse, environment: environment.environment })
      );
    },
  };
};
