import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule/index.js";
import type { TerraformStack } from "cdktf";
import type { Environment } from "../envs/environment.ts";
import { alarmDefinitions } from "./alarm-definitions.ts";
import { addAlarmTopic } from "./alarm-topic.ts";

/** What tells the platform team that something is wrong, and what to do about it. */
export const addAlarms = (
  stack: TerraformStack,
  environment: Environment,
  /** It is there before the alarms that its runs feed. */
  schedule: SchedulerSchedule,
): CloudwatchMetricAlarm[] => {
  const topic = addAlarmTopic(stack, environment);
  return Object.entries(alarmDefinitions(environment)).map(
    ([id, definition]) =>
      new CloudwatchMetricAlarm(stack, `${id}-alarm`, {
        ...definition,
        alarmActions: [topic.arn],
        okActions: [topic.arn],
        dependsOn: [schedule],
      }),
  );
};
