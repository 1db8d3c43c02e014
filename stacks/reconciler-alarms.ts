import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import type { AlarmProps } from "./alarm-definition.ts";
import { fleetMetrics } from "./fleet-metrics.ts";
import { type Metric, single } from "./metrics.ts";

/** How many intervals may pass without a run. */
const SILENT_INTERVALS = 3;

/** In how many runs, one after the other, tenants must be FAILED: a deployment that fails is often put right at once. */
const RUNS_WITH_FAILED_TENANTS = 2;

/** What tells that the table does not heal itself any more, and that tenants are down. By construct id. */
export const reconcilerAlarms = (environment: Environment): Readonly<Record<string, AlarmProps>> => {
  const { environment: name, alarms, reconciler } = environment;
  const { alarmNames, reconciler: names } = resourceNames(environment);
  const { runsCompleted, fuseBlown, failedTenants } = fleetMetrics(environment);
  const { everyMinutes, fuse } = reconciler;
  const intervals = (metric: Metric, count = 1): ReturnType<typeof single> =>
    single(metric, count * everyMinutes * 60);
  return {
    "no-reconciliation": {
      ...intervals(runsCompleted),
      alarmName: alarmNames.noReconciliation,
      alarmDescription:
        `The scheduled reconciler has not completed a run for ${SILENT_INTERVALS * everyMinutes} minutes (it runs every ` +
        `${everyMinutes}): deleted tenants and lost events stay unnoticed. See whether the schedule is on and the function well: ` +
        `npm run ops -- verify ${name}. Why a run failed stands in the log group ${names.logGroupName}. Until it works, do ` +
        `its work by hand: npm run ops -- reconcile ${name} --apply. After the first deployment this goes off until the ` +
        `first run is through.`,
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      evaluationPeriods: SILENT_INTERVALS,
      // Silence is what this is about.
      treatMissingData: "breaching",
    },
    "fuse-blown": {
      // A run a period, and one that begins a little late must not look like the end of it.
      ...intervals(fuseBlown, 2),
      alarmName: alarmNames.fuseBlown,
      alarmDescription:
        `The scheduled reconciler changed nothing: it would have changed more than ${fuse.tenants} tenants and more than ` +
        `${fuse.percent} % of them, or saw no service at all, or only a part. What blew the fuse: npm run ops -- status ${name}, and ` +
        `"Fuse blown" in the log group ${names.logGroupName}. Look for a wrong cluster and lost tags first. If the rows are wrong ` +
        `after all: npm run ops -- reconcile ${name} --apply --force --reason "...".`,
      threshold: 0,
    },
    "failed-tenants": {
      ...intervals(failedTenants),
      alarmName: alarmNames.failedTenants,
      alarmDescription:
        `More than ${alarms.failedTenants} tenants are FAILED, in two runs of the scheduled reconciler one after the other: their ` +
        `sites are probably down. Which: npm run ops -- status ${name}. Why, say the messages of their services in ECS; the ` +
        `dashboard shows since when.`,
      threshold: alarms.failedTenants,
      evaluationPeriods: RUNS_WITH_FAILED_TENANTS,
      // A run that is late says nothing about the tenants: the alarm stays as it is. That no run comes has an alarm of its own.
      treatMissingData: "ignore",
    },
  };
};
