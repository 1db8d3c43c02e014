import { type Check, fail, pass } from "../../checklist/check.ts";
import { schedulePolicy, scheduleTrustPolicy } from "../../stacks/reconciler-policy.ts";
import { findPolicyDifferences, findTrustDifferences } from "../../stacks/role-differences.ts";
import { isNotFound } from "../aws/explain-error.ts";
import { readRolePolicies, readTrustPolicy } from "../aws/role-policies.ts";
import type { Context } from "../context.ts";

/**
 * The role in which the schedule invokes the reconciler may do that and nothing else, and nobody else may take it on. A schedule
 * whose role may not invoke fails without a word anywhere but in a metric.
 */
export const scheduleRoleChecks = (context: Context): readonly Check[] => {
  const { environment, names } = context;
  const { scheduleRoleName, aliasArn } = names.reconciler;
  const check = (
    title: string,
    expected: string,
    findDifferences: () => Promise<readonly string[]>,
  ): Check => ({
    title,
    run: async () => {
      try {
        const differences = await findDifferences();
        return differences.length === 0 ? pass(expected) : fail(differences.join("; "), expected);
      } catch (error) {
        if (isNotFound(error)) return fail(`there is no role ${scheduleRoleName}`, expected);
        throw error;
      }
    },
  });
  return [
    check("Schedule's role", `may invoke ${aliasArn}, and nothing else`, async () =>
      findPolicyDifferences(await readRolePolicies(context, scheduleRoleName), [schedulePolicy(environment)]),
    ),
    check(
      "Trust of the schedule's role",
      "EventBridge Scheduler for this account, and nobody else",
      async () =>
        findTrustDifferences(
          await readTrustPolicy(context, scheduleRoleName),
          scheduleTrustPolicy(environment),
        ),
    ),
  ];
};
