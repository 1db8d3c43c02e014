import { DataAwsDynamodbTable } from "@cdktf/provider-aws/lib/data-aws-dynamodb-table/index.js";
import { DataAwsEcsCluster } from "@cdktf/provider-aws/lib/data-aws-ecs-cluster/index.js";
import { DataAwsIamPolicy } from "@cdktf/provider-aws/lib/data-aws-iam-policy/index.js";
import { Aspects, S3Backend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { addAlarms } from "./alarms.ts";
import { addAwsAccount } from "./aws-account.ts";
import { functionsBoundaryArn } from "./functions-boundary.ts";
import { addDashboard, dashboardUrl } from "./dashboard.ts";
import { addDeadLetterQueue } from "./dead-letter-queue.ts";
import { addEventRules } from "./event-rules.ts";
import { Guardrails } from "./guardrails.ts";
import { addHandlerFunction } from "./handler-function.ts";
import type { HandlerZip } from "./handler-zip.ts";
import { addReconcilerFunction } from "./reconciler-function.ts";
import { addReconcilerSchedule } from "./reconciler-schedule.ts";
import { addSavedQueries } from "./saved-queries.ts";
import { addServicesTable } from "./services-table.ts";

export interface EventHandlerStackProps {
  readonly environment: Environment;
  readonly handlerZip: HandlerZip;
}

/**
 * All that brings the events of one environment's cluster to its tenant table, and what looks after the table.
 *
 * Its resources lie directly in the stack, not in constructs of their own, so that a plan calls them by plain names:
 * `aws_lambda_function.function`.
 */
export class EventHandlerStack extends TerraformStack {
  constructor(scope: Construct, id: string, { environment, handlerZip }: EventHandlerStackProps) {
    super(scope, id);
    Aspects.of(this).add(new Guardrails());
    addAwsAccount(this, environment);
    addRemoteState(this, environment);
    addPrerequisites(this, environment);

    const deadLetterQueue = addDeadLetterQueue(this, environment);
    const servicesTable = addServicesTable(this, environment);
    const handler = addHandlerFunction(this, {
      environment,
      handlerZip,
      deadLetterQueue: deadLetterQueue.queue,
      servicesTable,
    });
    const { function: lambdaFunction, alias } = handler;
    addEventRules(this, { environment, handler, deadLetterQueue });
    const reconciler = addReconcilerFunction(this, { environment, handler, servicesTable });
    const schedule = addReconcilerSchedule(this, environment, reconciler);
    addDashboard(this, environment, addAlarms(this, environment, schedule));
    addSavedQueries(this, environment);

    const { ruleNames } = resourceNames(environment);
    addOutput(this, "function_name", "The function", lambdaFunction.functionName);
    addOutput(
      this,
      "function_version",
      "The newest version; the alias may be at another",
      lambdaFunction.version,
    );
    addOutput(this, "alias_arn", "What the rules invoke", alias.arn);
    addOutput(this, "reconciler_alias_arn", "What the schedule invokes", reconciler.alias.arn);
    addOutput(this, "rule_names", "The event rules", [
      ruleNames.serviceAction,
      ruleNames.deploymentStateChange,
    ]);
    addOutput(
      this,
      "dead_letter_queue_url",
      "Where events are parked that failed",
      deadLetterQueue.queue.url,
    );
    addOutput(this, "dashboard_url", "The CloudWatch dashboard", dashboardUrl(environment));
  }
}

const addRemoteState = (stack: TerraformStack, environment: Environment): void => {
  const { stateBucketName, stateKey } = resourceNames(environment);
  new S3Backend(stack, {
    bucket: stateBucketName,
    key: stateKey,
    region: environment.region,
    encrypt: true,
    allowedAccountIds: [environment.accountId],
  });
  const key = environment.security?.kmsKeys?.state;
  if (key !== undefined) stack.addOverride("terraform.backend.s3.kms_key_id", key);
  // S3's own locking; CDKTF's backend does not know the option.
  stack.addOverride("terraform.backend.s3.use_lockfile", true);
};

/** What others own. Looked up so that a plan fails, and says what is missing, when one of them does not exist. */
const addPrerequisites = (stack: TerraformStack, environment: Environment): void => {
  const { tenants, cluster } = environment;
  new DataAwsDynamodbTable(stack, "tenants-table", { name: tenants.table });
  new DataAwsEcsCluster(stack, "cluster", { clusterName: cluster });
  const boundary = functionsBoundaryArn(environment);
  if (boundary !== undefined) new DataAwsIamPolicy(stack, "boundary", { arn: boundary });
};

const addOutput = (
  stack: TerraformStack,
  id: string,
  description: string,
  value: string | string[],
): void => {
  new TerraformOutput(stack, id, { description, value });
};
