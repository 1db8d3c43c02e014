import { expect } from "chai";
import { loadEnvironment, loadEnvironments } from "../../envs/load.ts";
import {
  addresses,
  resourceAt,
  synthesizeEventHandler,
  synthesizeAccess,
  synthesizeState,
} from "./synthesized.ts";

/**
 * Terraform knows a resource by these addresses. One that changes makes it destroy the resource and create another: the
 * queue with the events in it, the log group with the logs. Change this list only for a resource that is new or must go.
 */
const EVENT_HANDLER = [
  "aws_cloudwatch_dashboard.dashboard",
  "aws_cloudwatch_event_rule.deployment-state-change-rule",
  "aws_cloudwatch_event_rule.service-action-rule",
  "aws_cloudwatch_event_target.deployment-state-change-target",
  "aws_cloudwatch_event_target.service-action-target",
  "aws_cloudwatch_log_group.log-group",
  "aws_cloudwatch_log_group.reconciler-log-group",
  "aws_cloudwatch_metric_alarm.dead-letters-alarm",
  "aws_cloudwatch_metric_alarm.delivery-delay-alarm",
  "aws_cloudwatch_metric_alarm.delivery-failures-alarm",
  "aws_cloudwatch_metric_alarm.errors-alarm",
  "aws_cloudwatch_metric_alarm.event-age-alarm",
  "aws_cloudwatch_metric_alarm.event-lag-alarm",
  "aws_cloudwatch_metric_alarm.failed-tenants-alarm",
  "aws_cloudwatch_metric_alarm.fuse-blown-alarm",
  "aws_cloudwatch_metric_alarm.lost-event-alarm",
  "aws_cloudwatch_metric_alarm.no-events-alarm",
  "aws_cloudwatch_metric_alarm.no-reconciliation-alarm",
  "aws_cloudwatch_metric_alarm.throttles-alarm",
  "aws_cloudwatch_query_definition.conflicts-query",
  "aws_cloudwatch_query_definition.failures-query",
  "aws_cloudwatch_query_definition.ignored-query",
  "aws_cloudwatch_query_definition.runs-query",
  "aws_cloudwatch_query_definition.slowest-query",
  "aws_cloudwatch_query_definition.tenant-history-query",
  "aws_dynamodb_table.services-table",
  "aws_iam_role.function-role",
  "aws_iam_role.reconciler-role",
  "aws_iam_role.schedule-role",
  "aws_iam_role_policy.function-role-policy",
  "aws_iam_role_policy.reconciler-role-policy",
  "aws_iam_role_policy.schedule-role-policy",
  "aws_lambda_alias.alias",
  "aws_lambda_alias.reconciler-alias",
  "aws_lambda_function.function",
  "aws_lambda_function.reconciler",
  "aws_lambda_function_event_invoke_config.alias-invoke-config",
  "aws_lambda_function_event_invoke_config.reconciler-invoke-config",
  "aws_lambda_permission.deployment-state-change-permission",
  "aws_lambda_permission.service-action-permission",
  "aws_scheduler_schedule.schedule",
  "aws_sns_topic.alarm-topic",
  "aws_sns_topic_policy.alarm-topic-policy",
  "aws_sns_topic_subscription.alarm-email-platform-bigbeardweb-com",
  "aws_sqs_queue.dead-letter-queue",
  "aws_sqs_queue_policy.dead-letter-queue-policy",
  "data.aws_dynamodb_table.tenants-table",
  "data.aws_ecs_cluster.cluster",
  "data.aws_iam_policy.boundary",
];

const STATE = [
  "aws_s3_bucket.bucket",
  "aws_s3_bucket_lifecycle_configuration.lifecycle",
  "aws_s3_bucket_policy.bucket-policy",
  "aws_s3_bucket_public_access_block.public-access-block",
  "aws_s3_bucket_server_side_encryption_configuration.encryption",
  "aws_s3_bucket_versioning.versioning",
];

const ACCESS = [
  "aws_iam_openid_connect_provider.github",
  "aws_iam_policy.boundary",
  "aws_iam_policy.deploy-policy-1",
  "aws_iam_policy.deploy-policy-2",
  "aws_iam_policy.deploy-policy-3",
  "aws_iam_policy.plan-policy",
  "aws_iam_policy.read-policy",
  "aws_iam_role.deploy-role",
  "aws_iam_role.plan-role",
  "aws_iam_role.read-role",
  "aws_iam_role_policy_attachment.deploy-policy-1-attachment",
  "aws_iam_role_policy_attachment.deploy-policy-2-attachment",
  "aws_iam_role_policy_attachment.deploy-policy-3-attachment",
  "aws_iam_role_policy_attachment.plan-policy-attachment",
  "aws_iam_role_policy_attachment.read-policy-attachment",
];

/** What Terraform cannot change in place, of the resources that hold something or that others know by name. */
const NAMES_IN_DEV: Readonly<Record<string, readonly [string, string]>> = {
  "aws_cloudwatch_event_rule.deployment-state-change-rule": [
    "name",
    "bbws-ecs-event-handler-dev-deployment-state-change",
  ],
  "aws_cloudwatch_event_rule.service-action-rule": ["name", "bbws-ecs-event-handler-dev-service-action"],
  "aws_cloudwatch_event_target.deployment-state-change-target": ["target_id", "event-handler"],
  "aws_cloudwatch_event_target.service-action-target": ["target_id", "event-handler"],
  "aws_cloudwatch_log_group.log-group": ["name", "/aws/lambda/bbws-ecs-event-handler-dev"],
  "aws_dynamodb_table.services-table": ["name", "bbws-ecs-event-handler-services-dev"],
  "aws_iam_role.function-role": ["name", "bbws-ecs-event-handler-dev-role"],
  "aws_lambda_alias.alias": ["name", "latest-dev"],
  "aws_lambda_function.function": ["function_name", "bbws-ecs-event-handler-dev"],
  "aws_lambda_permission.deployment-state-change-permission": [
    "statement_id",
    "deployment-state-change-rule",
  ],
  "aws_lambda_permission.service-action-permission": ["statement_id", "service-action-rule"],
  "aws_sns_topic.alarm-topic": ["name", "bbws-ecs-event-handler-dev-alarms"],
  "aws_sqs_queue.dead-letter-queue": ["name", "bbws-ecs-events-dlq-dev"],
};

describe("logical ids", () => {
  for (const { environment: name } of loadEnvironments()) {
    it(`of ${name} are frozen, and there is nothing else in it`, () => {
      expect(addresses(synthesizeEventHandler(loadEnvironment(name)))).to.deep.equal(EVENT_HANDLER);
    });

    it(`of state-${name} are frozen, and there is nothing else in it`, () => {
      expect(addresses(synthesizeState(loadEnvironment(name)))).to.deep.equal(STATE);
    });
  }

  for (const { environment: name } of loadEnvironments())
    it(`of access-${name} are frozen, and there is nothing else in it`, () => {
      expect(addresses(synthesizeAccess(loadEnvironment(name)))).to.deep.equal(ACCESS);
    });

  it("and names of dev are what they were, so that nothing is replaced", () => {
    const synthesized = synthesizeEventHandler(loadEnvironment("dev"));
    for (const [address, [attribute, name]] of Object.entries(NAMES_IN_DEV))
      expect(resourceAt(synthesized, address)[attribute], address).to.equal(name);
  });
});
