import type { Check } from "../../checklist/check.ts";
import { schedulePolicy, scheduleTrustPolicy } from "../../stacks/reconciler-policy.ts";
import type { Context } from "../context.ts";
import { roleChecks } from "./role-checks.ts";

/**
 * The role in which the schedule invokes the reconciler. A schedule whose role may not invoke fails without a word anywhere but in
 * a metric.
 */
export const scheduleRoleChecks = (context: Context, released: boolean): readonly Check[] => {
  const { environment, names } = context;
  const { scheduleRoleName, aliasArn } = names.reconciler;
  return roleChecks(
    context,
    {
      title: "Schedule's role",
      name: scheduleRoleName,
      policy: schedulePolicy(environment),
      trust: scheduleTrustPolicy(environment),
      may: `may invoke ${aliasArn}, and nothing else`,
      trusted: "EventBridge Scheduler for this account, and nobody else",
    },
    released,
  );
};
