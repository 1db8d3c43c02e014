import { expect } from "chai";
import assumptions from "../../docs/generate/cost-assumptions.json" with { type: "json" };
import { readFileSync } from "node:fs";
import { loadEnvironment, loadEnvironments } from "../../envs/load.ts";
import { readConfiguration } from "../../handler/configuration.ts";
import { writeItem } from "../../handler/directory-item.ts";
import { type Block, CODE_SHA256, only, resourceAt, synthesizeEventHandler } from "./synthesized.ts";

const dev = synthesizeEventHandler(loadEnvironment("dev"));
const prod = synthesizeEventHandler(loadEnvironment("prod"));

describe("EventHandlerStack", () => {
  it("keeps its state in the environment's bucket, encrypted and locked", () => {
    expect(dev.terraform["backend"]).to.deep.equal({
      s3: {
        bucket: "bbws-terraform-state-dev",
        key: "ecs-event-handler/dev/terraform.tfstate",
        region: "af-south-1",
        encrypt: true,
        use_lockfile: true,
        allowed_account_ids: ["536580886816"],
      },
    });
  });

  it("refuses the credentials of another account, and tags everything", () => {
    expect(prod.provider.aws).to.deep.equal([
      {
        region: "af-south-1",
        allowed_account_ids: ["093646564004"],
        default_tags: [
          {
            tags: {
              "bbws:project": "BBWS-Phase-2.1-ECS",
              "bbws:component": "ecs-event-handler",
              "bbws:environment": "prod",
              "bbws:managed-by": "cdktf",
            },
          },
        ],
      },
    ]);
  });

  it("pins the provider that @cdktf/provider-aws was generated from", () => {
    const manifest: unknown = JSON.parse(
      readFileSync("node_modules/@cdktf/provider-aws/package.json", "utf8"),
    );
    expect(manifest).to.have.nested.property("cdktf.provider.version");
    const { cdktf } = manifest as { cdktf: { provider: { version: string } } };
    expect(dev.terraform["required_providers"]).to.deep.equal({
      aws: { source: "hashicorp/aws", version: cdktf.provider.version },
    });
  });

  it("looks up the table and the cluster, so that a plan fails without them", () => {
    expect(dev.data?.["aws_dynamodb_table"]?.["tenants-table"]).to.include({ name: "bbws-tenants-dev" });
    expect(dev.data?.["aws_ecs_cluster"]?.["cluster"]).to.include({ cluster_name: "bbws-cluster-dev" });
  });

  it("has a table for the directory: on demand, encrypted, keyed and emptied as the handler writes it", () => {
    const item = writeItem("arn", { tenantId: "acme", environment: "dev" }, 0);
    expect(item).to.include.all.keys("service_arn", "expires_at");
    expect(only(dev, "aws_dynamodb_table")).to.deep.include({
      name: "bbws-ecs-event-handler-services-dev",
      billing_mode: "PAY_PER_REQUEST",
      hash_key: "service_arn",
      attribute: [{ name: "service_arn", type: Object.keys(item["service_arn"] ?? {})[0] }],
      ttl: { enabled: true, attribute_name: "expires_at" },
      server_side_encryption: { enabled: true },
    });
    expect(item["expires_at"], "DynamoDB only looks at numbers").to.have.all.keys("N");
    expect(resourceAt(dev, "aws_lambda_function.function")["depends_on"]).to.include(
      "aws_dynamodb_table.services-table",
    );
  });

  describe("function", () => {
    const lambdaFunction = resourceAt(dev, "aws_lambda_function.function");

    it("runs the zip on Node.js 24 for arm64 with 256 MB and 30 s", () => {
      expect(lambdaFunction).to.deep.include({
        function_name: "bbws-ecs-event-handler-dev",
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        memory_size: 256,
        timeout: 30,
        source_code_hash: CODE_SHA256,
      });
    });

    for (const { environment: name } of loadEnvironments()) {
      it(`of ${name} has an environment that the handler accepts`, () => {
        const { environment } = resourceAt(
          synthesizeEventHandler(loadEnvironment(name)),
          "aws_lambda_function.function",
        );
        const { variables } = environment as { variables: Record<string, string> };
        expect(readConfiguration(variables)).to.deep.equal({
          environment: name,
          tenantsTable: `bbws-tenants-${name}`,
          servicesTable: `bbws-ecs-event-handler-services-${name}`,
          clusterArn: `arn:aws:ecs:af-south-1:${loadEnvironment(name).accountId}:cluster/bbws-cluster-${name}`,
          tenantKey: { tenant_id: "{tenantId}" },
          statusAttribute: "status",
          logLevel: "info",
        });
      });
    }

    it("publishes a version of every change, of code and of configuration, for nothing of it is ignored", () => {
      expect(lambdaFunction["publish"]).to.be.true;
      expect(lambdaFunction).to.not.have.property("lifecycle");
    });

    it("changes in the plan when nothing but its configuration does", () => {
      const environment = loadEnvironment("dev");
      const changed = synthesizeEventHandler({
        ...environment,
        function: { ...environment.function, memoryMegabytes: 512, logLevel: "debug" },
      });
      expect(resourceAt(changed, "aws_lambda_function.function")).to.deep.equal({
        ...lambdaFunction,
        memory_size: 512,
        environment: { variables: { ...variablesOf(lambdaFunction), LOG_LEVEL: "debug" } },
        logging_config: { ...(lambdaFunction["logging_config"] as Block), application_log_level: "DEBUG" },
      });
    });

    it("logs JSON into its log group, which is there before it and does not keep logs forever", () => {
      expect(lambdaFunction["logging_config"]).to.deep.equal({
        log_format: "JSON",
        log_group: "${aws_cloudwatch_log_group.log-group.name}",
        application_log_level: "INFO",
        system_log_level: "INFO",
      });
      expect(lambdaFunction["depends_on"]).to.include("aws_cloudwatch_log_group.log-group");
      expect(resourceAt(dev, "aws_cloudwatch_log_group.log-group")).to.include({
        name: "/aws/lambda/bbws-ecs-event-handler-dev",
        retention_in_days: 14,
      });
      expect(resourceAt(prod, "aws_cloudwatch_log_group.log-group")["retention_in_days"]).to.equal(90);
    });

    it("has as many executions of its own as are asked for, else shares the account's", () => {
      expect(lambdaFunction).to.not.have.property("reserved_concurrent_executions");
      const environment = loadEnvironment("dev");
      const reserved = synthesizeEventHandler({
        ...environment,
        function: { ...environment.function, reservedConcurrency: 50 },
      });
      expect(resourceAt(reserved, "aws_lambda_function.function")).to.include({
        reserved_concurrent_executions: 50,
      });
      expect(resourceAt(reserved, "aws_lambda_function.reconciler")).to.not.have.property(
        "reserved_concurrent_executions",
      );
    });

    it("has its rights before it runs", () => {
      expect(lambdaFunction["depends_on"]).to.include("aws_iam_role_policy.function-role-policy");
    });
  });

  describe("alias", () => {
    it("is created at the first version and then left to releases and rollbacks", () => {
      expect(resourceAt(dev, "aws_lambda_alias.alias")).to.deep.include({
        name: "latest-dev",
        function_version: "${aws_lambda_function.function.version}",
        lifecycle: { ignore_changes: ["function_version", "routing_config", "description"] },
      });
    });

    it("retries a failed event twice within an hour and then parks it", () => {
      expect(resourceAt(dev, "aws_lambda_function_event_invoke_config.alias-invoke-config")).to.deep.include({
        qualifier: "${aws_lambda_alias.alias.name}",
        maximum_retry_attempts: 2,
        maximum_event_age_in_seconds: 3600,
        destination_config: { on_failure: { destination: "${aws_sqs_queue.dead-letter-queue.arn}" } },
      });
    });
  });

  describe("rules", () => {
    for (const id of ["service-action", "deployment-state-change"]) {
      it(`include ${id}, which invokes the alias and parks what it cannot deliver`, () => {
        expect(dev.resource["aws_cloudwatch_event_rule"]?.[`${id}-rule`]?.["description"]).to.include(
          "bbws-cluster-dev",
        );
        expect(
          dev.resource["aws_cloudwatch_event_rule"]?.[`${id}-rule`],
          "a plan finds a disabled rule",
        ).to.include({ state: "ENABLED" });
        expect(dev.resource["aws_cloudwatch_event_target"]?.[`${id}-target`]).to.deep.include({
          rule: `\${aws_cloudwatch_event_rule.${id}-rule.name}`,
          arn: "${aws_lambda_alias.alias.arn}",
          retry_policy: { maximum_event_age_in_seconds: 3600, maximum_retry_attempts: 185 },
          dead_letter_config: { arn: "${aws_sqs_queue.dead-letter-queue.arn}" },
        });
        expect(dev.resource["aws_lambda_permission"]?.[`${id}-permission`]).to.deep.include({
          action: "lambda:InvokeFunction",
          principal: "events.amazonaws.com",
          source_arn: `\${aws_cloudwatch_event_rule.${id}-rule.arn}`,
          qualifier: "${aws_lambda_alias.alias.name}",
        });
      });
    }
  });

  it("keeps parked events encrypted, for 14 days", () => {
    expect(only(dev, "aws_sqs_queue")).to.include({
      name: "bbws-ecs-events-dlq-dev",
      message_retention_seconds: 1_209_600,
      sqs_managed_sse_enabled: true,
    });
  });

  describe("alarms", () => {
    const alarm = (synthesized: typeof dev, id: string): Block =>
      synthesized.resource["aws_cloudwatch_metric_alarm"]?.[`${id}-alarm`] ?? {};

    it("go off above 10 errors an hour, in prod above 5", () => {
      const hourly = {
        metric_name: "Errors",
        statistic: "Sum",
        period: 3600,
        comparison_operator: "GreaterThanThreshold",
      };
      expect(alarm(dev, "errors")).to.include({ ...hourly, threshold: 10 });
      expect(alarm(prod, "errors")).to.include({ ...hourly, threshold: 5 });
    });

    it("go off at any throttle, above 10 dead letters, and at an event older than 5 minutes", () => {
      expect(alarm(dev, "throttles")).to.include({ metric_name: "Throttles", threshold: 0 });
      expect(alarm(dev, "dead-letters")).to.include({
        metric_name: "ApproximateNumberOfMessagesVisible",
        threshold: 10,
      });
      expect(alarm(dev, "event-age")).to.include({
        metric_name: "AsyncEventAge",
        statistic: "Maximum",
        threshold: 300_000,
      });
    });

    it("go off when an event could be parked neither by Lambda nor, for either rule, by EventBridge", () => {
      const queries = alarm(dev, "delivery-failures")["metric_query"] as Block[];
      expect(alarm(dev, "delivery-failures")["threshold"]).to.equal(0);
      expect(queries.map(({ expression, metric }) => expression ?? metric)).to.deep.equal([
        "FILL(m1, 0) + FILL(m2, 0) + FILL(m3, 0)",
        {
          namespace: "AWS/Lambda",
          metric_name: "DestinationDeliveryFailures",
          dimensions: { FunctionName: "bbws-ecs-event-handler-dev" },
          stat: "Sum",
          period: 300,
        },
        ...["service-action", "deployment-state-change"].map((rule) => ({
          namespace: "AWS/Events",
          metric_name: "InvocationsFailedToBeSentToDlq",
          dimensions: { RuleName: `bbws-ecs-event-handler-dev-${rule}` },
          stat: "Sum",
          period: 300,
        })),
      ]);
    });

    for (const [id, block] of Object.entries(dev.resource["aws_cloudwatch_metric_alarm"] ?? {})) {
      it(`tell the platform team by ${id}, also when it is over, and what to do`, () => {
        expect(String(block["alarm_name"])).to.match(/^bbws-ecs-event-handler-dev-/);
        expect(block["alarm_actions"]).to.deep.equal(["${aws_sns_topic.alarm-topic.arn}"]);
        expect(block["ok_actions"]).to.deep.equal(["${aws_sns_topic.alarm-topic.arn}"]);
        expect(String(block["alarm_description"])).to.include("npm run ops -- ");
        expect(String(block["alarm_description"]).length).to.be.at.most(1024);
      });
    }

    it("take silence for good, but where silence is the trouble, and where it says nothing", () => {
      const byTreatment = new Map<unknown, string[]>();
      for (const [id, { treat_missing_data }] of Object.entries(
        dev.resource["aws_cloudwatch_metric_alarm"] ?? {},
      ))
        byTreatment.set(treat_missing_data, [...(byTreatment.get(treat_missing_data) ?? []), id]);
      expect(byTreatment.get("breaching")).to.deep.equal(["no-reconciliation-alarm"]);
      expect(byTreatment.get("ignore")).to.deep.equal(["failed-tenants-alarm"]);
      expect(byTreatment.get("notBreaching")).to.have.lengthOf(10);
    });

    it("warn of a single event that waits in the dead-letter queue for 15 minutes", () => {
      expect(alarm(dev, "lost-event")).to.deep.include({
        namespace: "AWS/SQS",
        metric_name: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: "bbws-ecs-events-dlq-dev" },
        statistic: "Maximum",
        comparison_operator: "GreaterThanThreshold",
        threshold: 0,
        period: 300,
        evaluation_periods: 3,
      });
      expect(alarm(dev, "lost-event")["alarm_description"])
        .to.match(/^Warning: /)
        .and.include("dlq peek dev")
        .and.include("dlq replay dev");
    });

    it("go off at an event that was processed late, wherever it was held up", () => {
      expect(alarm(dev, "event-lag")).to.deep.include({
        namespace: "BBWS/EcsEventHandler",
        metric_name: "EventLagMs",
        dimensions: { Environment: "dev" },
        statistic: "Maximum",
        threshold: 300_000,
        period: 300,
      });
    });

    it("go off when EventBridge holds events of either rule, by whichever name and dimensions it tells of it", () => {
      expect(alarm(dev, "delivery-delay")).to.include({ threshold: 300_000 });
      const [total, ...queries] = alarm(dev, "delivery-delay")["metric_query"] as Block[];
      expect(total).to.deep.include({
        expression: `MAX([${[1, 2, 3, 4, 5, 6, 7, 8].map((index) => `FILL(m${index}, 0)`).join(", ")}])`,
        return_data: true,
      });
      // CloudWatch takes ten metrics in an alarm.
      expect(queries).to.have.lengthOf.at.most(10);
      expect(queries.map(({ metric }) => metric)).to.deep.equal(
        ["IngestiontoInvocationStartLatency", "IngestionToInvocationStartLatency"].flatMap((metric_name) =>
          ["service-action", "deployment-state-change"].flatMap((rule) =>
            [{}, { EventBusName: "default" }].map((bus) => ({
              namespace: "AWS/Events",
              metric_name,
              dimensions: { ...bus, RuleName: `bbws-ecs-event-handler-dev-${rule}` },
              stat: "Maximum",
              period: 300,
            })),
          ),
        ),
      );
    });

    it("cost what docs/cost.md says: each metric that an alarm looks at is paid for", () => {
      const watched = Object.values(dev.resource["aws_cloudwatch_metric_alarm"] ?? {}).map(
        ({ metric_query: queries }) =>
          queries === undefined
            ? 1
            : (queries as Block[]).filter(({ metric }) => metric !== undefined).length,
      );
      expect(assumptions.alarmedMetrics).to.equal(watched.reduce((sum, count) => sum + count, 0));
    });

    it("go off after a day without an event where tenants have services, hour by hour as the reconciler says", () => {
      expect(alarm(dev, "no-events")).to.include({ threshold: 0, evaluation_periods: 24 });
      const [total, ...queries] = alarm(dev, "no-events")["metric_query"] as Block[];
      expect(total).to.include({ expression: "IF(FILL(m2, 0) > 0 AND FILL(m1, 0) == 0, 1, 0)" });
      expect(queries.map(({ metric }) => metric)).to.deep.equal([
        {
          namespace: "AWS/Lambda",
          metric_name: "AsyncEventsReceived",
          dimensions: { FunctionName: "bbws-ecs-event-handler-dev" },
          stat: "Sum",
          period: 3600,
        },
        {
          namespace: "BBWS/Tenants",
          metric_name: "TenantServices",
          dimensions: { Environment: "dev" },
          stat: "Maximum",
          period: 3600,
        },
      ]);
    });

    it("look at a day or more in periods with two runs of the reconciler, within what CloudWatch takes", () => {
      for (const everyMinutes of [5, 15, 31, 60, 300, 1440]) {
        const environment = loadEnvironment("dev");
        const changed = synthesizeEventHandler({
          ...environment,
          reconciler: { ...environment.reconciler, everyMinutes },
        });
        const { evaluation_periods: periods, metric_query: queries } = alarm(changed, "no-events");
        const [, { metric }] = queries as [Block, { metric: { period: number } }];
        expect(metric.period).to.be.at.least(2 * everyMinutes * 60);
        expect(metric.period * Number(periods)).to.be.within(86_400, 7 * 86_400);
      }
    });

    it("are told by this account's alarms alone, and by the workflows' roles", () => {
      const { arn, policy } = only(dev, "aws_sns_topic_policy");
      expect(arn).to.equal("${aws_sns_topic.alarm-topic.arn}");
      const topic = "arn:aws:sns:af-south-1:536580886816:bbws-ecs-event-handler-dev-alarms";
      const alarms = "arn:aws:cloudwatch:af-south-1:536580886816:alarm:bbws-ecs-event-handler-dev-*";
      expect(JSON.parse(String(policy))).to.deep.equal({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "TellOfAlarms",
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: "sns:Publish",
            Resource: topic,
            Condition: {
              StringEquals: { "aws:SourceAccount": "536580886816" },
              ArnLike: { "aws:SourceArn": alarms },
            },
          },
          {
            Sid: "RefuseEverybodyElse",
            Effect: "Deny",
            Principal: "*",
            Action: "sns:Publish",
            Resource: topic,
            Condition: {
              ArnNotLike: { "aws:SourceArn": alarms },
              ArnNotEquals: {
                "aws:PrincipalArn": [
                  "arn:aws:iam::536580886816:role/bbws-github-actions-role-dev",
                  "arn:aws:iam::536580886816:role/bbws-github-actions-read-role-dev",
                ],
              },
            },
          },
        ],
      });
    });

    it("reach an incident tool, whose URL is in no address of a plan", () => {
      const key = "abcdef0123456789";
      const synthesized = synthesizeEventHandler({
        ...loadEnvironment("dev"),
        notificationEndpoints: [`https://events.pagerduty.com/integration/${key}/enqueue`],
      });
      const [[id, subscription] = ["", {}]] = Object.entries(
        synthesized.resource["aws_sns_topic_subscription"] ?? {},
      ).filter(([, { protocol }]) => protocol === "https");
      expect(id).to.match(/^alarm-https-events-pagerduty-com-[0-9a-f]{8}$/);
      expect(subscription).to.deep.include({
        topic_arn: "${aws_sns_topic.alarm-topic.arn}",
        endpoint: `https://events.pagerduty.com/integration/${key}/enqueue`,
        endpoint_auto_confirms: true,
      });
    });

    it("reach everyone who is to be notified", () => {
      const synthesized = synthesizeEventHandler({
        ...loadEnvironment("dev"),
        notificationEmails: ["a.b@c.example", "d@e.example"],
      });
      expect(synthesized.resource["aws_sns_topic_subscription"]).to.have.all.keys(
        "alarm-email-a-b-c-example",
        "alarm-email-d-e-example",
      );
      expect(
        Object.values(synthesized.resource["aws_sns_topic_subscription"] ?? {}).map(
          ({ endpoint }) => endpoint,
        ),
      ).to.deep.equal(["a.b@c.example", "d@e.example"]);
    });
  });

  it("has a dashboard that shows the alarms and every metric that they watch", () => {
    const body = String(only(dev, "aws_cloudwatch_dashboard")["dashboard_body"]);
    expect(JSON.parse(body)).to.have.property("widgets").with.lengthOf(16);
    for (const [id, { metric_name }] of Object.entries(dev.resource["aws_cloudwatch_metric_alarm"] ?? {})) {
      expect(body).to.include(`aws_cloudwatch_metric_alarm.${id}.arn`);
      if (typeof metric_name === "string") expect(body).to.include(`"${metric_name}"`);
    }
    expect(body).to.include('"InvocationsFailedToBeSentToDlq"').and.to.include('"EventLagMs"');
  });

  it("tells after a deployment what was deployed and where to look", () => {
    expect(dev.output).to.have.all.keys(
      "function_name",
      "function_version",
      "alias_arn",
      "reconciler_alias_arn",
      "rule_names",
      "dead_letter_queue_url",
      "dashboard_url",
    );
    expect(dev.output["dashboard_url"]?.["value"]).to.equal(
      "https://af-south-1.console.aws.amazon.com/cloudwatch/home?region=af-south-1#dashboards:name=bbws-ecs-event-handler-dev",
    );
  });
});

const variablesOf = (lambdaFunction: Block): Record<string, string> =>
  (lambdaFunction["environment"] as { variables: Record<string, string> }).variables;
