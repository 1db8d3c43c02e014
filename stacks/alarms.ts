import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmMetricQuery,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule/index.js";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription/index.js";
import type { TerraformStack } from "cdktf";
import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { type Metric, metrics, single } from "./metrics.ts";
import { type AlarmProps, reconcilerAlarms } from "./reconciler-alarms.ts";

const FIVE_MINUTES = 5 * 60;
const HOUR = 60 * 60;

/** What tells the platform team that something is wrong, and what to do about it. */
export const addAlarms = (
  stack: TerraformStack,
  environment: Environment,
  /** It is there before the alarm on its silence. */
  schedule: SchedulerSchedule,
): CloudwatchMetricAlarm[] => {
  const { environment: name, alarms: thresholds, notificationEmails } = environment;
  const { topicName, alarmNames, logGroupName, deadLetterQueueName } = resourceNames(environment);
  const { errors, throttles, deadLetters, eventAge, destinationFailures, parkingFailures } =
    metrics(environment);

  // Not encrypted by default: CloudWatch cannot publish to a topic under alias/aws/sns, and alarms tell no tenant's data.
  const topic = new SnsTopic(stack, "alarm-topic", {
    name: topicName,
    displayName: `ECS tenant event handler, ${name}`,
  });
  const key = environment.security?.kmsKeys?.topic;
  if (key !== undefined) topic.kmsMasterKeyId = key;
  for (const email of notificationEmails) {
    new SnsTopicSubscription(stack, `alarm-email-${email.replaceAll(/[^A-Za-z0-9]+/g, "-")}`, {
      topicArn: topic.arn,
      protocol: "email",
      endpoint: email,
    });
  }

  const addAlarm = (id: string, config: AlarmProps): CloudwatchMetricAlarm =>
    new CloudwatchMetricAlarm(stack, `${id}-alarm`, {
      comparisonOperator: "GreaterThanThreshold",
      evaluationPeriods: 1,
      // No datapoint means that nothing happened.
      treatMissingData: "notBreaching",
      alarmActions: [topic.arn],
      okActions: [topic.arn],
      ...config,
    });

  return [
    addAlarm("errors", {
      ...single(errors, HOUR),
      alarmName: alarmNames.errors,
      alarmDescription:
        `The event handler failed more than ${thresholds.errorsPerHour} times within an hour. ` +
        `Look for ERROR in the log group ${logGroupName}. If a release brought it, roll back: ` +
        `npm run ops -- rollback ${name} --reason "...". Events that failed for good are in ${deadLetterQueueName}: ` +
        `npm run ops -- dlq replay ${name}, once the cause is fixed.`,
      threshold: thresholds.errorsPerHour,
    }),
    addAlarm("throttles", {
      ...single(throttles, HOUR),
      alarmName: alarmNames.throttles,
      alarmDescription:
        `Lambda turned away more than ${thresholds.throttlesPerHour} invocations within an hour: the account's ` +
        `concurrency is used up. Lambda retries, so no event is lost yet. See which function uses it, and ask AWS for ` +
        `more concurrency if it should. If a release brought it: npm run ops -- rollback ${name} --reason "...".`,
      threshold: thresholds.throttlesPerHour,
    }),
    addAlarm("dead-letters", {
      ...single(deadLetters, FIVE_MINUTES),
      alarmName: alarmNames.deadLetters,
      alarmDescription:
        `More than ${thresholds.deadLetterMessages} events wait in ${deadLetterQueueName}; their tenants' statuses may be ` +
        `out of date. See why they failed: npm run ops -- dlq peek ${name}. Fix the cause or roll back, then ` +
        `npm run ops -- dlq replay ${name}. They are kept for 14 days.`,
      threshold: thresholds.deadLetterMessages,
    }),
    addAlarm("event-age", {
      ...single(eventAge, FIVE_MINUTES),
      alarmName: alarmNames.eventAge,
      alarmDescription:
        `Events waited longer than ${thresholds.eventAgeSeconds} s before they were processed: the function fails and is ` +
        `retried, or is throttled. See npm run ops -- status ${name} and the log group ${logGroupName}. After an hour ` +
        `an event is parked in ${deadLetterQueueName}.`,
      threshold: thresholds.eventAgeSeconds * 1000,
    }),
    addAlarm("delivery-failures", {
      metricQuery: sum([destinationFailures, ...parkingFailures], FIVE_MINUTES),
      alarmName: alarmNames.deliveryFailures,
      alarmDescription:
        `Events were lost: they failed and could not be parked in ${deadLetterQueueName} either. Check that the queue ` +
        `exists and its policy and the function's role are as deployed: npm run ops -- verify ${name}. Then bring the ` +
        `tenants' statuses up to date: npm run ops -- reconcile ${name} --apply.`,
      threshold: 0,
    }),
    ...Object.entries(reconcilerAlarms(environment)).map(([id, config]) =>
      addAlarm(id, { ...config, dependsOn: [schedule] }),
    ),
  ];
};

const sum = (summands: readonly Metric[], periodSeconds: number): CloudwatchMetricAlarmMetricQuery[] => {
  const queries = summands.map(({ namespace, metricName, dimensions, stat }, index) => ({
    id: `m${index + 1}`,
    metric: { namespace, metricName, dimensions: { ...dimensions }, stat, period: periodSeconds },
  }));
  return [
    {
      id: "total",
      label: "Events lost",
      // A metric without a datapoint would leave the whole sum without one.
      expression: queries.map(({ id }) => `FILL(${id}, 0)`).join(" + "),
      returnData: true,
    },
    ...queries,
  ];
};
