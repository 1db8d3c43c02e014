import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadEnvironment } from "../../envs/load.ts";
import { only, synthesizeEventHandler } from "./synthesized.ts";

const synthesized = synthesizeEventHandler(loadEnvironment("dev"));
const IN_DEV = "af-south-1:536580886816";

describe("the function's rights", () => {
  it("are exactly what its code needs, on the resources of its environment", () => {
    const policy: unknown = JSON.parse(String(only(synthesized, "aws_iam_role_policy")["policy"]));
    expect(grants(policy)).to.have.members([
      `dynamodb:GetItem on arn:aws:dynamodb:${IN_DEV}:table/bbws-tenants-dev`,
      `dynamodb:UpdateItem on arn:aws:dynamodb:${IN_DEV}:table/bbws-tenants-dev`,
      `dynamodb:GetItem on arn:aws:dynamodb:${IN_DEV}:table/bbws-ecs-event-handler-services-dev`,
      `dynamodb:PutItem on arn:aws:dynamodb:${IN_DEV}:table/bbws-ecs-event-handler-services-dev`,
      `ecs:ListTagsForResource on arn:aws:ecs:${IN_DEV}:service/bbws-cluster-dev/*`,
      `sqs:SendMessage on arn:aws:sqs:${IN_DEV}:bbws-ecs-events-dlq-dev`,
      `logs:CreateLogStream on arn:aws:logs:${IN_DEV}:log-group:/aws/lambda/bbws-ecs-event-handler-dev:*`,
      `logs:PutLogEvents on arn:aws:logs:${IN_DEV}:log-group:/aws/lambda/bbws-ecs-event-handler-dev:*`,
    ]);
    expect(only(synthesized, "aws_iam_role")).to.not.have.any.keys("managed_policy_arns", "inline_policy");
    expect(synthesized.resource).to.not.have.property("aws_iam_role_policy_attachment");
  });

  it("cover every AWS request in its source and, the log and the dead-letter queue aside, no other", () => {
    const services: Record<string, string> = {
      "@aws-sdk/client-dynamodb": "dynamodb",
      "@aws-sdk/client-ecs": "ecs",
    };
    const requests = new Set<string>();
    for (const file of readdirSync("handler").filter((name) => name.endsWith(".ts"))) {
      const source = readFileSync(join("handler", file), "utf8");
      for (const [, names = "", client = ""] of source.matchAll(
        /(?:import|export) \{([^}]*)\} from "(@aws-sdk\/client-[^"]+)"/g,
      )) {
        for (const [, request = ""] of names.matchAll(/\b(\w+)Command\b/g)) {
          requests.add(`${services[client] ?? client}:${request}`);
        }
      }
    }
    const policy: unknown = JSON.parse(String(only(synthesized, "aws_iam_role_policy")["policy"]));
    const granted = new Set(grants(policy).map((grant) => grant.split(" ")[0] ?? ""));
    const byLambda = ["sqs:SendMessage", "logs:CreateLogStream", "logs:PutLogEvents"];
    expect([...granted].filter((action) => !byLambda.includes(action))).to.have.members([...requests]);
  });

  it("can be taken on by Lambda alone", () => {
    expect(JSON.parse(String(only(synthesized, "aws_iam_role")["assume_role_policy"]))).to.have.deep.property(
      "Statement",
      [
        {
          Sid: "LambdaRunsTheFunction",
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      ],
    );
  });
});

describe("the dead-letter queue's policy", () => {
  it("lets EventBridge send for the two rules, and no one else do anything", () => {
    expect(JSON.parse(String(only(synthesized, "aws_sqs_queue_policy")["policy"]))).to.have.deep.property(
      "Statement",
      [
        {
          Sid: "ParkUndeliveredEvents",
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: `arn:aws:sqs:${IN_DEV}:bbws-ecs-events-dlq-dev`,
          Condition: {
            ArnEquals: {
              "aws:SourceArn": [
                `arn:aws:events:${IN_DEV}:rule/bbws-ecs-event-handler-dev-service-action`,
                `arn:aws:events:${IN_DEV}:rule/bbws-ecs-event-handler-dev-deployment-state-change`,
              ],
            },
          },
        },
      ],
    );
  });
});

/** A policy as the plain list of what it grants, `action on resource`. Throws at whatever else a statement might say. */
const grants = (policy: unknown): string[] => {
  const { Statement } = policy as { Statement: Record<string, unknown>[] };
  return Statement.flatMap((statement) => {
    expect(statement).to.have.all.keys("Sid", "Effect", "Action", "Resource");
    expect(statement["Effect"]).to.equal("Allow");
    return list(statement["Action"]).flatMap((action) =>
      list(statement["Resource"]).map((resource) => `${action} on ${resource}`),
    );
  });
};

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [String(value)]);
