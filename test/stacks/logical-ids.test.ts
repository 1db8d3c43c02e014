import { expect } from "chai";
import { loadEnvironment, loadEnvironments } from "../../envs/load.ts";
import { addresses, synthesizeEventHandler, synthesizeState } from "./synthesized.ts";

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
  "aws_cloudwatch_metric_alarm.dead-letters-alarm",
  "aws_cloudwatch_metric_alarm.delivery-failures-alarm",
  "aws_cloudwatch_metric_alarm.errors-alarm",
  "aws_cloudwatch_metric_alarm.event-age-alarm",
  "aws_cloudwatch_metric_alarm.throttles-alarm",
  "aws_dynamodb_table.services-table",
  "aws_iam_role.function-role",
  "aws_iam_role_policy.function-role-policy",
  "aws_lambda_alias.alias",
  "aws_lambda_function.function",
  "aws_lambda_function_event_invoke_config.alias-invoke-config",
  "aws_lambda_permission.deployment-state-change-permission",
  "aws_lambda_permission.service-action-permission",
  "aws_sns_topic.alarm-topic",
  "aws_sns_topic_subscription.alarm-email-platform-bigbeardweb-com",
  "aws_sqs_queue.dead-letter-queue",
  "aws_sqs_queue_policy.dead-letter-queue-policy",
  "data.aws_dynamodb_table.tenants-table",
  "data.aws_ecs_cluster.cluster",
];

const STATE = [
  "aws_s3_bucket.bucket",
  "aws_s3_bucket_policy.bucket-policy",
  "aws_s3_bucket_public_access_block.public-access-block",
  "aws_s3_bucket_server_side_encryption_configuration.encryption",
  "aws_s3_bucket_versioning.versioning",
];

describe("logical ids", () => {
  for (const { environment: name } of loadEnvironments()) {
    it(`of ${name} are frozen, and there is nothing else in it`, () => {
      expect(addresses(synthesizeEventHandler(loadEnvironment(name)))).to.deep.equal(EVENT_HANDLER);
    });

    it(`of state-${name} are frozen, and there is nothing else in it`, () => {
      expect(addresses(synthesizeState(loadEnvironment(name)))).to.deep.equal(STATE);
    });
  }
});
