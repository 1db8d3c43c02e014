import type { Environment } from "./environment.ts";

/** What an environment's resources are called, both those that the stacks create and those that they look up. */
export interface ResourceNames {
  readonly functionName: string;
  /** The alias that the rules invoke; releasing means moving it. */
  readonly aliasName: string;
  /** Aliases that remember earlier releases begin with this. */
  readonly backupAliasPrefix: string;
  /** The ARN without a version or alias. */
  readonly functionArn: string;
  readonly aliasArn: string;
  readonly roleName: string;
  readonly roleArn: string;
  readonly logGroupName: string;
  readonly logGroupArn: string;
  readonly ruleNames: PerRule;
  readonly ruleArns: PerRule;
  readonly deadLetterQueueName: string;
  readonly deadLetterQueueArn: string;
  readonly topicName: string;
  readonly topicArn: string;
  /** What the ARNs of the alarms begin with. */
  readonly alarmArnPrefix: string;
  readonly alarmNames: AlarmNames;
  /** All alarms' names begin with this. */
  readonly alarmNamePrefix: string;
  readonly dashboardName: string;
  /** The folder of the saved queries of Logs Insights. */
  readonly queryFolder: string;
  readonly stateBucketName: string;
  /** The object in the state bucket that is this system's Terraform state. */
  readonly stateKey: string;
  /** Where the template of a stack that is taken over lies while CloudFormation reads it. */
  readonly oldStackTemplateKey: string;
  readonly clusterArn: string;
  /** Every service of the cluster has an ARN that begins with this. */
  readonly serviceArnPrefix: string;
  readonly tenantsTableArn: string;
  /** The directory of services. */
  readonly servicesTableName: string;
  readonly servicesTableArn: string;
  /** The directory's partition key, a string. */
  readonly servicesTableKey: string;
  /** When DynamoDB may delete an item of the directory, in seconds since 1970. */
  readonly servicesTableTtlAttribute: string;
  readonly deployRoleArn: string;
  readonly readRoleArn: string;
  readonly planRoleArn: string;
  /** The managed policy that is the most that a role of the functions can do. */
  readonly boundaryName: string;
  readonly boundaryArn: string;
  readonly reconciler: ReconcilerNames;
}

/** Of the scheduled reconciler. Its alias is called as the handler's. */
interface ReconcilerNames {
  readonly functionName: string;
  /** The ARN without a version or alias. */
  readonly functionArn: string;
  readonly aliasArn: string;
  readonly roleName: string;
  readonly roleArn: string;
  readonly logGroupName: string;
  readonly logGroupArn: string;
  readonly scheduleName: string;
  readonly scheduleArn: string;
  /** The group that the schedule is in: what EventBridge Scheduler names as the source when it takes on the role. */
  readonly scheduleGroupArn: string;
  /** The role in which EventBridge Scheduler invokes the function. */
  readonly scheduleRoleName: string;
  readonly scheduleRoleArn: string;
}

/** One for each of the two rules; each rule is for one detail-type. */
type PerRule = Readonly<Record<"serviceAction" | "deploymentStateChange", string>>;

type AlarmNames = Readonly<
  Record<
    | "errors"
    | "throttles"
    | "deadLetters"
    | "lostEvent"
    | "eventAge"
    | "eventLag"
    | "deliveryDelay"
    | "noEvents"
    | "deliveryFailures"
    | "noReconciliation"
    | "fuseBlown"
    | "failedTenants",
    string
  >
>;

/** Names everything of an environment. Pure; a name that changes here makes Terraform replace what bore it. */
export const resourceNames = (environment: Environment): ResourceNames => {
  const {
    environment: name,
    accountId,
    region,
    cluster,
    tenants,
    deployRole,
    readRole,
    planRole,
  } = environment;
  const arn = (service: string, resource: string): string =>
    `arn:aws:${service}:${region}:${accountId}:${resource}`;

  const functionName = `bbws-ecs-event-handler-${name}`;
  const aliasName = `latest-${name}`;
  const functionArn = arn("lambda", `function:${functionName}`);
  const logGroupName = `/aws/lambda/${functionName}`;
  const ruleNames = {
    serviceAction: `${functionName}-service-action`,
    deploymentStateChange: `${functionName}-deployment-state-change`,
  };
  const deadLetterQueueName = `bbws-ecs-events-dlq-${name}`;
  const servicesTableName = `bbws-ecs-event-handler-services-${name}`;
  const alarmNamePrefix = `${functionName}-`;
  const role = (roleName: string): string => `arn:aws:iam::${accountId}:role/${roleName}`;
  const reconcilerName = `bbws-ecs-reconciler-${name}`;
  const reconcilerLogGroup = `/aws/lambda/${reconcilerName}`;
  return {
    functionName,
    aliasName,
    backupAliasPrefix: "backup-",
    functionArn,
    aliasArn: `${functionArn}:${aliasName}`,
    roleName: `${functionName}-role`,
    roleArn: role(`${functionName}-role`),
    logGroupName,
    logGroupArn: arn("logs", `log-group:${logGroupName}`),
    ruleNames,
    ruleArns: {
      serviceAction: arn("events", `rule/${ruleNames.serviceAction}`),
      deploymentStateChange: arn("events", `rule/${ruleNames.deploymentStateChange}`),
    },
    deadLetterQueueName,
    deadLetterQueueArn: arn("sqs", deadLetterQueueName),
    topicName: `${functionName}-alarms`,
    topicArn: arn("sns", `${functionName}-alarms`),
    alarmArnPrefix: arn("cloudwatch", `alarm:${alarmNamePrefix}`),
    alarmNames: {
      errors: `${alarmNamePrefix}errors`,
      throttles: `${alarmNamePrefix}throttles`,
      deadLetters: `${alarmNamePrefix}dead-letters`,
      lostEvent: `${alarmNamePrefix}lost-event`,
      eventAge: `${alarmNamePrefix}event-age`,
      eventLag: `${alarmNamePrefix}event-lag`,
      deliveryDelay: `${alarmNamePrefix}delivery-delay`,
      noEvents: `${alarmNamePrefix}no-events`,
      deliveryFailures: `${alarmNamePrefix}delivery-failures`,
      noReconciliation: `${alarmNamePrefix}no-reconciliation`,
      fuseBlown: `${alarmNamePrefix}fuse-blown`,
      failedTenants: `${alarmNamePrefix}failed-tenants`,
    },
    alarmNamePrefix,
    dashboardName: functionName,
    queryFolder: functionName,
    stateBucketName: `bbws-terraform-state-${name}`,
    stateKey: `ecs-event-handler/${name}/terraform.tfstate`,
    oldStackTemplateKey: `ecs-event-handler/${name}/old-stack.template`,
    clusterArn: arn("ecs", `cluster/${cluster}`),
    serviceArnPrefix: arn("ecs", `service/${cluster}/`),
    tenantsTableArn: arn("dynamodb", `table/${tenants.table}`),
    servicesTableName,
    servicesTableArn: arn("dynamodb", `table/${servicesTableName}`),
    servicesTableKey: "service_arn",
    servicesTableTtlAttribute: "expires_at",
    deployRoleArn: role(deployRole),
    readRoleArn: role(readRole),
    planRoleArn: role(planRole),
    boundaryName: `${functionName}-boundary`,
    boundaryArn: `arn:aws:iam::${accountId}:policy/${functionName}-boundary`,
    reconciler: {
      functionName: reconcilerName,
      functionArn: arn("lambda", `function:${reconcilerName}`),
      aliasArn: arn("lambda", `function:${reconcilerName}:${aliasName}`),
      roleName: `${reconcilerName}-role`,
      roleArn: role(`${reconcilerName}-role`),
      logGroupName: reconcilerLogGroup,
      logGroupArn: arn("logs", `log-group:${reconcilerLogGroup}`),
      scheduleName: reconcilerName,
      scheduleArn: arn("scheduler", `schedule/default/${reconcilerName}`),
      scheduleGroupArn: arn("scheduler", "schedule-group/default"),
      scheduleRoleName: `${reconcilerName}-schedule-role`,
      scheduleRoleArn: role(`${reconcilerName}-schedule-role`),
    },
  };
};
