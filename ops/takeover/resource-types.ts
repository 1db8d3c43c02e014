import { identityProvider, managedPolicy, roleAttachment } from "./access-types.ts";
import { alarm, dashboard, logGroup, savedQuery } from "./log-types.ts";
import { eventRule, eventTarget, schedule } from "./event-types.ts";
import { lambdaAlias, lambdaFunction, lambdaInvokeConfig, lambdaPermission } from "./lambda-types.ts";
import { role, rolePolicy, table } from "./other-types.ts";
import { queue, queuePolicy, subscription, topic, topicPolicy } from "./queue-types.ts";
import type { ResourceType } from "./resource-type.ts";

/** How each type of the stacks is looked up, by Terraform's name for it. A test finds a type that is missing here. */
export const RESOURCE_TYPES: ReadonlyMap<string, ResourceType> = new Map([
  ["aws_cloudwatch_dashboard", dashboard],
  ["aws_cloudwatch_event_rule", eventRule],
  ["aws_cloudwatch_event_target", eventTarget],
  ["aws_cloudwatch_log_group", logGroup],
  ["aws_cloudwatch_metric_alarm", alarm],
  ["aws_cloudwatch_query_definition", savedQuery],
  ["aws_dynamodb_table", table],
  ["aws_iam_openid_connect_provider", identityProvider],
  ["aws_iam_policy", managedPolicy],
  ["aws_iam_role", role],
  ["aws_iam_role_policy", rolePolicy],
  ["aws_iam_role_policy_attachment", roleAttachment],
  ["aws_lambda_alias", lambdaAlias],
  ["aws_lambda_function", lambdaFunction],
  ["aws_lambda_function_event_invoke_config", lambdaInvokeConfig],
  ["aws_lambda_permission", lambdaPermission],
  ["aws_scheduler_schedule", schedule],
  ["aws_sns_topic", topic],
  ["aws_sns_topic_policy", topicPolicy],
  ["aws_sns_topic_subscription", subscription],
  ["aws_sqs_queue", queue],
  ["aws_sqs_queue_policy", queuePolicy],
]);
