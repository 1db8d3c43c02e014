import type { Check, Checklist } from "../../checklist/check.ts";
import { rightAccount } from "../checks/account.ts";
import { functionChecks } from "../checks/function-checks.ts";
import { recentPast } from "../checks/recent-past.ts";
import { ruleChecks } from "../checks/rule-checks.ts";
import { testInvocation } from "../checks/test-invocation.ts";
import { createEnvironmentCommand, type Run } from "../cli/command.ts";
import type { Context } from "../context.ts";

export const verifyCommand = (run: Run) =>
  createEnvironmentCommand({
    name: "verify",
    summary: "check that what is deployed is whole and works",
    description:
      "The checklist for after a deployment: function, alias, on-failure destination, the two event rules with their " +
      "patterns, targets and permissions, a test invocation, the log since then, errors and throttles of the last " +
      "hour, the dead-letter queue and the alarms.\n\n" +
      "The test event's tenant does not exist: nothing in the table changes.",
    examples: ["verify dev", "verify prod --json"],
  }).action((environment, options) => run({ command: "verify", environment, options, plan: verify }));

const verify = (context: Context): Checklist => ({
  checks: [rightAccount(context), ...verifyChecks(context)],
});

/** All that verify checks, apart from the account. */
export const verifyChecks = (context: Context): readonly Check[] => [
  ...deployedAndWorking(context),
  ...recentPast(context),
];

/** What is so now, whatever has been in the last hour. */
export const deployedAndWorking = (context: Context): readonly Check[] => [
  ...functionChecks(context),
  ...ruleChecks(context),
  ...testInvocation(context),
];
