import { expect } from "chai";
import { loadEnvironment, loadEnvironments } from "../../envs/load.ts";
import { resourceNames } from "../../envs/resource-names.ts";
import { savedQueries } from "../../stacks/log-queries.ts";
import { type Block, CODE_SHA256, resourceAt, synthesizeEventHandler } from "./synthesized.ts";

const dev = synthesizeEventHandler(loadEnvironment("dev"));
const IN_DEV = "af-south-1:536580886816";
const json = (text: unknown): unknown => JSON.parse(String(text));

describe("The scheduled reconciler", () => {
  const handler = resourceAt(dev, "aws_lambda_function.function");
  const reconciler = resourceAt(dev, "aws_lambda_function.reconciler");

  it("is another file of the handler's zip, with 15 minutes and 256 MB", () => {
    expect(reconciler).to.deep.include({
      function_name: "bbws-ecs-reconciler-dev",
      handler: "reconciler.handler",
      source_code_hash: CODE_SHA256,
      filename: handler["filename"],
      runtime: handler["runtime"],
      architectures: handler["architectures"],
      memory_size: 256,
      timeout: 900,
      publish: true,
    });
    expect(reconciler).to.not.have.any.keys("lifecycle", "reserved_concurrent_executions");
  });

  for (const environment of loadEnvironments()) {
    it(`of ${environment.environment} knows what the handler does, through which alias it repairs, and its fuse`, () => {
      const synthesized = synthesizeEventHandler(environment);
      const variables = (address: string): Block =>
        (resourceAt(synthesized, address)["environment"] as { variables: Block }).variables;
      expect(variables("aws_lambda_function.reconciler")).to.deep.equal({
        ...variables("aws_lambda_function.function"),
        HANDLER_ALIAS_ARN: resourceNames(environment).aliasArn,
        REPAIR: "true",
        FUSE_TENANTS: "10",
        FUSE_PERCENT: "20",
      });
    });
  }

  it("only reports where its environment says so", () => {
    const environment = loadEnvironment("dev");
    const reporting = synthesizeEventHandler({
      ...environment,
      reconciler: { ...environment.reconciler, repair: false },
    });
    expect(resourceAt(reporting, "aws_lambda_function.reconciler")).to.have.nested.property(
      "environment.variables.REPAIR",
      "false",
    );
  });

  it("logs JSON into a log group of its own, which does not keep logs forever", () => {
    expect(reconciler["logging_config"]).to.include({
      log_format: "JSON",
      log_group: "${aws_cloudwatch_log_group.reconciler-log-group.name}",
    });
    expect(resourceAt(dev, "aws_cloudwatch_log_group.reconciler-log-group")).to.include({
      name: "/aws/lambda/bbws-ecs-reconciler-dev",
      retention_in_days: 14,
    });
  });

  it("has its rights, its log group, the directory and the handler's alias before it runs", () => {
    expect(reconciler["depends_on"]).to.have.members([
      "aws_cloudwatch_log_group.reconciler-log-group",
      "aws_iam_role_policy.reconciler-role-policy",
      "aws_dynamodb_table.services-table",
      "aws_lambda_alias.alias",
    ]);
  });

  it("has an alias that is left to releases and rollbacks, and is not tried again", () => {
    expect(resourceAt(dev, "aws_lambda_alias.reconciler-alias")).to.deep.include({
      name: "latest-dev",
      function_version: "${aws_lambda_function.reconciler.version}",
      lifecycle: { ignore_changes: ["function_version", "routing_config", "description"] },
    });
    const config = resourceAt(dev, "aws_lambda_function_event_invoke_config.reconciler-invoke-config");
    expect(config).to.include({
      qualifier: "${aws_lambda_alias.reconciler-alias.name}",
      maximum_retry_attempts: 0,
    });
    expect(config).to.not.have.property("destination_config");
  });

  it("may look at this cluster and its rows, keep the directory, and change rows through the handler's alias alone", () => {
    const policy = json(resourceAt(dev, "aws_iam_role_policy.reconciler-role-policy")["policy"]);
    const { Statement } = policy as { Statement: Block[] };
    const granted = Statement.flatMap(({ Action, Resource, Condition }) =>
      [Action].flat().map((action) => {
        const limit = Condition === undefined ? "" : ` if ${JSON.stringify(Condition)}`;
        return `${String(action)} on ${String(Resource)}${limit}`;
      }),
    );
    const directory = `arn:aws:dynamodb:${IN_DEV}:table/bbws-ecs-event-handler-services-dev`;
    const logGroup = `arn:aws:logs:${IN_DEV}:log-group:/aws/lambda/bbws-ecs-reconciler-dev:*`;
    expect(granted).to.have.members([
      `ecs:DescribeClusters on arn:aws:ecs:${IN_DEV}:cluster/bbws-cluster-dev`,
      `ecs:ListServices on * if {"ArnEquals":{"ecs:cluster":"arn:aws:ecs:${IN_DEV}:cluster/bbws-cluster-dev"}}`,
      `ecs:DescribeServices on arn:aws:ecs:${IN_DEV}:service/bbws-cluster-dev/*`,
      `ecs:ListTagsForResource on arn:aws:ecs:${IN_DEV}:service/bbws-cluster-dev/*`,
      `dynamodb:GetItem on arn:aws:dynamodb:${IN_DEV}:table/bbws-tenants-dev`,
      `dynamodb:Scan on arn:aws:dynamodb:${IN_DEV}:table/bbws-tenants-dev`,
      ...["DeleteItem", "GetItem", "PutItem", "Scan", "UpdateItem"].map(
        (action) => `dynamodb:${action} on ${directory}`,
      ),
      `lambda:InvokeFunction on arn:aws:lambda:${IN_DEV}:function:bbws-ecs-event-handler-dev:latest-dev`,
      `logs:CreateLogStream on ${logGroup}`,
      `logs:PutLogEvents on ${logGroup}`,
    ]);
  });

  describe("schedule", () => {
    const schedule = resourceAt(dev, "aws_scheduler_schedule.schedule");

    it("invokes the alias every 15 minutes, without retries, and is on", () => {
      expect(schedule).to.deep.include({
        name: "bbws-ecs-reconciler-dev",
        schedule_expression: "rate(15 minutes)",
        state: "ENABLED",
        flexible_time_window: { mode: "OFF" },
        target: {
          arn: "${aws_lambda_alias.reconciler-alias.arn}",
          role_arn: "${aws_iam_role.schedule-role.arn}",
          input: '{"version":1,"kind":"scheduled"}',
          retry_policy: { maximum_event_age_in_seconds: 60, maximum_retry_attempts: 0 },
        },
      });
      expect(schedule["depends_on"]).to.deep.equal([
        "aws_iam_role_policy.schedule-role-policy",
        "aws_lambda_function_event_invoke_config.reconciler-invoke-config",
      ]);
    });

    it("has a role that is Scheduler's alone, for this account, and that may invoke the alias alone", () => {
      expect(json(resourceAt(dev, "aws_iam_role.schedule-role")["assume_role_policy"])).to.deep.equal({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "SchedulerInvokesTheReconciler",
            Effect: "Allow",
            Principal: { Service: "scheduler.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: {
              StringEquals: { "aws:SourceAccount": "536580886816" },
              ArnEquals: { "aws:SourceArn": `arn:aws:scheduler:${IN_DEV}:schedule-group/default` },
            },
          },
        ],
      });
      expect(json(resourceAt(dev, "aws_iam_role_policy.schedule-role-policy")["policy"])).to.deep.equal({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "InvokeTheReconciler",
            Effect: "Allow",
            Action: "lambda:InvokeFunction",
            Resource: `arn:aws:lambda:${IN_DEV}:function:bbws-ecs-reconciler-dev:latest-dev`,
          },
        ],
      });
    });
  });

  describe("alarms", () => {
    const alarm = (id: string, of = dev): Block => resourceAt(of, `aws_cloudwatch_metric_alarm.${id}-alarm`);
    const metric = {
      namespace: "BBWS/Tenants",
      statistic: "Sum",
      dimensions: { Environment: "dev" },
    };

    it("go off after three intervals without a completed run", () => {
      expect(alarm("no-reconciliation")).to.deep.include({
        ...metric,
        metric_name: "RunsCompleted",
        comparison_operator: "LessThanThreshold",
        threshold: 1,
        period: 900,
        evaluation_periods: 3,
        treat_missing_data: "breaching",
      });
      expect(alarm("no-reconciliation")["alarm_description"]).to.include("for 45 minutes");
    });

    it("follow the interval, within what CloudWatch takes", () => {
      for (const everyMinutes of [5, 59, 60, 1440]) {
        const environment = loadEnvironment("dev");
        const changed = synthesizeEventHandler({
          ...environment,
          reconciler: { ...environment.reconciler, everyMinutes },
        });
        for (const id of ["no-reconciliation", "fuse-blown", "failed-tenants"]) {
          const { period, evaluation_periods: periods } = alarm(id, changed);
          expect(Number(period) % (everyMinutes * 60), id).to.equal(0);
          const longest = Number(period) >= 3600 ? 7 * 86_400 : 86_400;
          expect(Number(period) * Number(periods), id).to.be.at.most(longest);
        }
      }
    });

    it("go off at a blown fuse, and do not end between two runs", () => {
      expect(alarm("fuse-blown")).to.deep.include({
        ...metric,
        metric_name: "FuseBlown",
        comparison_operator: "GreaterThanThreshold",
        threshold: 0,
        period: 1800,
      });
    });

    it("go off when more tenants than allowed are FAILED in two runs", () => {
      expect(alarm("failed-tenants")).to.deep.include({
        ...metric,
        metric_name: "Tenants",
        statistic: "Maximum",
        dimensions: { Environment: "dev", Status: "FAILED" },
        threshold: 10,
        period: 900,
        evaluation_periods: 2,
      });
      const prod = synthesizeEventHandler(loadEnvironment("prod"));
      expect(alarm("failed-tenants", prod)["threshold"]).to.equal(0);
    });

    it("say which command to run, and where it is said what is wrong", () => {
      const commands: Readonly<Record<string, readonly string[]>> = {
        "no-reconciliation": ["verify dev", "reconcile dev --apply", "/aws/lambda/bbws-ecs-reconciler-dev"],
        "fuse-blown": ["status dev", "reconcile dev --apply --force --reason", '"Fuse blown"'],
        "failed-tenants": ["status dev"],
      };
      for (const [id, parts] of Object.entries(commands))
        for (const part of parts) expect(alarm(id)["alarm_description"]).to.include(part);
    });
  });

  describe("saved queries", () => {
    it("are those that operators ask again and again, in a folder, each of an existing log group", () => {
      const definitions = Object.values(dev.resource["aws_cloudwatch_query_definition"] ?? {});
      expect(definitions.map(({ name }) => name)).to.have.members(
        [
          "One tenant's history",
          "Failures",
          "Ignored events by reason",
          "The slowest invocations",
          "Service conflicts",
          "Runs of the reconciler",
        ].map((title) => `bbws-ecs-event-handler-dev/${title}`),
      );
      for (const { log_group_names } of definitions)
        expect(["/aws/lambda/bbws-ecs-event-handler-dev", "/aws/lambda/bbws-ecs-reconciler-dev"]).to.include(
          String(log_group_names),
        );
    });

    it("name fields that the lines have, or that Logs Insights makes", () => {
      const known = new Set(FIELDS);
      for (const { title, query } of Object.values(savedQueries(loadEnvironment("dev"))))
        for (const field of fieldsOf(query)) expect(known, `${title}: ${field}`).to.include(field);
      expect(fieldsOf("fields tenant, eventTime | sort eventTime asc")).to.deep.equal([
        "tenant",
        "eventTime",
      ]);
    });
  });
});

/** The handler's lines and Lambda's own; the handler's are compared with real ones in log-lines.test.ts. */
const FIELDS = [
  ...["@timestamp", "message", "level", "error.name", "error.message"],
  ...["eventTime", "eventName", "eventId", "event", "previousStatus", "tenantStatus", "changed", "reason"],
  ...["serviceArn", "requestId", "tenantId", "status", "ServiceConflicts", "StatusChanges"],
  ...["type", "record.status", "record.requestId", "record.metrics.durationMs"],
  ...["record.metrics.initDurationMs", "record.metrics.maxMemoryUsedMB"],
  ...["run.status", "run.why", "RowsRepaired", "RowsDrifted", "RepairsFailed", "RunDurationMs"],
];

/** The fields that a query reads, without the names that it gives itself. */
const fieldsOf = (query: string): readonly string[] => {
  const own = [...query.matchAll(/ as (\w+)/g)].map(([, name]) => name);
  const words = query
    .replaceAll(/"[^"]*"/g, "")
    .replaceAll(/ as \w+/g, "")
    .match(/[@A-Za-z][\w.]*/g);
  return [...new Set(words)].filter((word) => !COMMANDS.has(word) && !own.includes(word));
};

const COMMANDS = new Set(
  "fields filter sort stats limit desc asc by or and count latest ispresent".split(" "),
);
