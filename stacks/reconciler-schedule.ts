import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule/index.js";
import type { TerraformStack } from "cdktf";
import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { limitByBoundary } from "./functions-boundary.ts";
import type { ReconcilerFunction } from "./reconciler-function.ts";
import { schedulePolicy, scheduleTrustPolicy } from "./reconciler-policy.ts";
import { SCHEDULED_INPUT, scheduleExpression } from "./schedule-definition.ts";

/** The shortest that Scheduler takes. */
const MAX_EVENT_AGE_SECONDS = 60;

/** Invokes the reconciler's alias again and again; at the next turn in place of a retry. */
export const addReconcilerSchedule = (
  stack: TerraformStack,
  environment: Environment,
  { alias, invokeConfig }: ReconcilerFunction,
): SchedulerSchedule => {
  const { scheduleName, scheduleRoleName } = resourceNames(environment).reconciler;
  const role = new IamRole(stack, "schedule-role", {
    name: scheduleRoleName,
    description: "In which EventBridge Scheduler invokes the scheduled reconciler",
    assumeRolePolicy: JSON.stringify(scheduleTrustPolicy(environment)),
  });
  limitByBoundary(role, environment);
  const rolePolicy = new IamRolePolicy(stack, "schedule-role-policy", {
    name: "schedule",
    role: role.name,
    policy: JSON.stringify(schedulePolicy(environment)),
  });
  return new SchedulerSchedule(stack, "schedule", {
    name: scheduleName,
    description: `Compares the tenants of ${environment.environment} with ECS`,
    scheduleExpression: scheduleExpression(environment),
    // Said, so that a schedule that somebody has switched off is a difference that a plan shows.
    state: "ENABLED",
    flexibleTimeWindow: { mode: "OFF" },
    target: {
      arn: alias.arn,
      roleArn: role.arn,
      input: JSON.stringify(SCHEDULED_INPUT),
      retryPolicy: { maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS, maximumRetryAttempts: 0 },
    },
    // Without its right, the first run would fail; without the configuration, Lambda would retry it.
    dependsOn: [rolePolicy, invokeConfig],
  });
};
