import { transitionTable as table } from "../../handler/transition-table.ts";
import { type Check, fail, type Finding, inconclusive, judge, pass, skip } from "../../checklist/check.ts";
import type { Checklist } from "../../checklist/stage.ts";
import { rightAccount } from "../checks/account.ts";
import { declareEnvironmentCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { parsePositive, parseReason } from "./option-parsers.ts";
import { ClusterServices } from "../../reconcile/cluster-services.ts";
import { OperatorError } from "../../checklist/errors.ts";
import { findBlownFuse } from "../../reconcile/fuse.ts";
import { type Comparisons, compareRows } from "../../reconcile/compare-rows.ts";
import { type ObservedServices, observeServices } from "../../reconcile/observe-services.ts";
import { type Repair, repairDrifts } from "../../reconcile/repair.ts";
import { createResult } from "../reconcile/result.ts";
import { createSendRepair } from "../reconcile/send-repair.ts";
import { scanTenantRows } from "../../reconcile/tenant-rows.ts";

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
    "Exit code 1: rows disagree and --apply was not given, a repair failed, tenants have lost their service, or a row " +
    "cannot be read or holds an event of the future.",
  examples: [
    "reconcile dev",
    "reconcile prod --json",
    "reconcile prod --apply",
    'reconcile prod --apply --force --reason "the cluster was emptied on purpose"',
  ],
  options: (command) =>
    command
      .option("--apply", "repair the rows that disagree")
      .option("--force", "with --apply: also when that is more than the fuse allows; needs --reason")
      .option("--reason <text>", "why; recorded in the audit lines", parseReason)
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
  readonly concurrency: number;
}

const compareAndRepair = (
  context: Context,
  { apply = false, force = false, reason, concurrency }: ReconcileOptions,
): Checklist => {
  const { aws, environment, names, signal } = context;
  const services = new ClusterServices(aws.ecs, names.clusterArn, signal);
  let observed: ObservedServices | undefined;
  let comparisons: Comparisons | undefined;
  let blownFuse: string | undefined;
  const repairs: Repair[] = [];

  const seeServices: Check = {
    title: `Services of ${environment.cluster}`,
    run: async (progress) => {
      const total = await services.count();
      observed = await observeServices(services.all(), environment.environment, table, (done) => {
        progress({ done, total: Math.max(total, done), text: "services" });
      });
      return pass(`${observed.services} services, ${observed.observations.size} of them tenants'`);
    },
  };

  const compareWithRows: Check = {
    title: `Rows of ${environment.tenants.table}`,
    run: async (progress) => {
      if (observed === undefined) return inconclusive("the services were not seen");
      const total = observed.observations.size;
      comparisons = await compareRows(
        scanTenantRows(aws.dynamoDb, environment.tenants, table, signal),
        observed,
        {
          table,
          see: (serviceArns) => services.see(serviceArns),
          serviceArnPrefix: names.serviceArnPrefix,
          now: () => services.now(),
          progress: (done) => {
            progress({ done, total: Math.max(total, done), text: "tenants" });
          },
        },
      );
      const { tenants, drifts } = comparisons;
      blownFuse = findBlownFuse({ ...comparisons, services: observed.services }, environment.reconciler.fuse);
      const found = `${drifts.length} of ${tenants} disagree`;
      // In order to be repaired, rows may disagree.
      return apply ? pass(found) : judge(drifts.length === 0, found, "all to agree with ECS");
    },
  };

  const fuse: Check = {
    title: "Fuse",
    run: () => {
      if (comparisons === undefined) return Promise.resolve(skip("the rows were not read"));
      if (blownFuse === undefined) return Promise.resolve(pass("holds"));
      return Promise.resolve(
        force
          ? pass(`passed by --force: ${blownFuse}`)
          : fail(
              `${blownFuse}. Nothing was changed. Look at the cluster, its services' tags and envs/${environment.environment}.json ` +
                "first; when the rows are wrong indeed, add --apply --force --reason",
            ),
      );
    },
  };

  const lostServices: Check = {
    title: "Tenants that lost their service",
    run: () => {
      if (comparisons === undefined) return Promise.resolve(skip("the rows were not read"));
      const { length } = comparisons.withoutService.filter(({ isLost }) => isLost);
      return Promise.resolve(judge(length === 0, String(length), "0"));
    },
  };

  const readableRows: Check = {
    title: "Rows that the handler cannot read",
    run: () => {
      if (comparisons === undefined) return Promise.resolve(skip("the rows were not read"));
      const { length } = comparisons.malformed;
      return Promise.resolve(judge(length === 0, String(length), "0"));
    },
  };

  const noFuture: Check = {
    title: "Rows that remember an event of the future",
    run: () => {
      if (comparisons === undefined) return Promise.resolve(skip("the rows were not read"));
      const { ahead } = comparisons;
      const found =
        ahead.length === 0 ? "0" : `${ahead.length}: ${ahead.map(({ tenantId }) => tenantId).join(", ")}`;
      return Promise.resolve(judge(ahead.length === 0, found, "0"));
    },
  };

  const repair: Check = {
    title: "Repair",
    run: async (progress) => {
      const drifts = comparisons?.drifts ?? [];
      if (drifts.length === 0) return pass("nothing to repair");
      await repairDrifts(drifts, {
        concurrency,
        signal,
        send: createSendRepair(context),
        audit: (repaired) => {
          repairs.push(repaired);
          context.audit({ ...repaired, reason, blownFuse });
          progress({ done: repairs.length, total: drifts.length, text: "tenants" });
        },
      });
      return judgeRepairs(repairs);
    },
  };

  return {
    runs: "all",
    checks: [
      {
        runs: "until-failure",
        checks: [rightAccount(context), seeServices, compareWithRows, ...(apply ? [fuse, repair] : [])],
      },
      // Last: a tenant that nobody can judge should not keep the others from being repaired.
      ...(apply ? [] : [fuse]),
      lostServices,
      readableRows,
      noFuture,
    ],
    result: () =>
      comparisons &&
      createResult(comparisons, repairs, {
        apply,
        blownFuse,
        environment: environment.environment,
      }),
  };
};

const judgeRepairs = (repairs: readonly Repair[]): Finding => {
  const count = (outcome: Repair["outcome"]): number =>
    repairs.filter((repaired) => repaired.outcome === outcome).length;
  const found = (["repaired", "overtaken", "failed", "unprocessed"] as const)
    .map((outcome) => [count(outcome), outcome] as const)
    .filter(([number]) => number > 0)
    .map(([number, outcome]) => `${number} ${outcome}`)
    .join(", ");
  if (count("failed") > 0) return fail(found);
  return count("unprocessed") > 0 ? inconclusive(found) : pass(found);
};
