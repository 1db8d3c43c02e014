import type { Check } from "../../checklist/check.ts";
import { rightAccount } from "../checks/account.ts";
import { alarmSettings } from "../checks/alarm-settings.ts";
import { alarmSubscribers } from "../checks/alarm-subscribers.ts";
import { directoryTable } from "../checks/directory-table.ts";
import { aliasIsAtOneVersion, functionIsActive, onFailureDestination } from "../checks/function-checks.ts";
import { deadLetterPolicyCheck } from "../checks/queue-policy.ts";
import { reconcilerChecks } from "../checks/reconciler-checks.ts";
import { alarmChecks, type JustReleased, noFailures, noNewDeadLetters } from "../checks/recent-past.ts";
import { handlerRoleChecks } from "../checks/role-checks.ts";
import { checksOfEachRule, exactlyTheRules } from "../checks/rule-checks.ts";
import { testInvocation } from "../checks/test-invocation.ts";
import { declareEnvironmentCommand, noOptions } from "../command.ts";
import type { Context } from "../context.ts";

export const verify = declareEnvironmentCommand({
  name: "verify",
  summary: "check that the deployment is complete and works",
  description:
    "The checklist after a deployment: the function, the alias, the destination of failed events and the policy of its queue, the function's role, the two event " +
    "rules with their patterns, targets and permissions, a test invocation, the log since then, the directory of " +
    "services, the scheduled reconciler with its alias, its schedule and their roles, errors and throttles of the last hour (or " +
    "since the release, if that is later), the dead-letter queue, the alarms with their settings, and whether all whom they tell have confirmed.\n\n" +
    "It changes nothing: the tenant of the test event does not exist.",
  examples: ["verify dev", "verify prod --json"],
  options: noOptions,
  // Without credentials, or with those of another account, nothing else can be told.
  plan: (context) => ({
    runs: "until-failure",
    checks: [rightAccount(context), { runs: "all", checks: verifyChecks(context) }],
  }),
});

/**
 * All that verify checks, apart from the account. A deployment fails with any of them; a rollback depends on those
 * alone that rollback.ts names.
 * @param released a release that has just been made: only what has happened since counts.
 * @param otherRules whether the rules of an old version may be there too, as in the middle of a takeover.
 */
export const verifyChecks = (
  context: Context,
  released?: JustReleased,
  { otherRules = false }: { readonly otherRules?: boolean | undefined } = {},
): readonly Check[] => [
  functionIsActive(context),
  aliasIsAtOneVersion(context),
  onFailureDestination(context),
  deadLetterPolicyCheck(context, otherRules),
  ...handlerRoleChecks(context, released !== undefined),
  exactlyTheRules(context, otherRules),
  ...checksOfEachRule(context),
  ...testInvocation(context, released?.since),
  directoryTable(context),
  ...reconcilerChecks(context, released !== undefined),
  ...noFailures(context, released),
  noNewDeadLetters(context, released?.baseline),
  ...alarmChecks(context, released?.baseline),
  alarmSettings(context),
  alarmSubscribers(context, released !== undefined),
];
