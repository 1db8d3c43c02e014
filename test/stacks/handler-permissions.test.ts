import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadEnvironment } from "../../envs/load.ts";
import { isAllowed } from "../../rehearsal/emulator/permissions.ts";
import { only, resourceAt, synthesizeEventHandler } from "./synthesized.ts";

const synthesized = synthesizeEventHandler(loadEnvironment("dev"));
const IN_DEV = "af-south-1:536580886816";

describe("the function's rights", () => {
  it("are exactly what its code needs, on the resources of its environment", () => {
    const policy: unknown = JSON.parse(
      String(resourceAt(synthesized, "aws_iam_role_policy.function-role-policy")["policy"]),
    );
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
    expect(resourceAt(synthesized, "aws_iam_role.function-role")).to.not.have.any.keys(
      "managed_policy_arns",
      "inline_policy",
    );
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
    const policy: unknown = JSON.parse(
      String(resourceAt(synthesized, "aws_iam_role_policy.function-role-policy")["policy"]),
    );
    const granted = new Set(grants(policy).map((grant) => grant.split(" ")[0] ?? ""));
    const byLambda = ["sqs:SendMessage", "logs:CreateLogStream", "logs:PutLogEvents"];
    expect([...granted].filter((action) => !byLambda.includes(action))).to.have.members([...requests]);
  });

  it("can be taken on by Lambda alone", () => {
    expect(
      JSON.parse(String(resourceAt(synthesized, "aws_iam_role.function-role")["assume_role_policy"])),
    ).to.have.deep.property("Statement", [
      {
        Sid: "LambdaRunsTheFunction",
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
      },
    ]);
  });
});

describe("the dead-letter queue's policy", () => {
  const policy = String(only(synthesized, "aws_sqs_queue_policy")["policy"]);
  const RULES = `arn:aws:events:${IN_DEV}:rule/bbws-ecs-event-handler-dev`;
  const QUEUE = `arn:aws:sqs:${IN_DEV}:bbws-ecs-events-dlq-dev`;
  const ROLE = "arn:aws:iam::536580886816:role/bbws-ecs-event-handler-dev-role";

  /** Whether it may send whose own policy allows it to, as in the function's role and in an administrator's. */
  const mayPark = (context: Record<string, string>, service = "", itsOwnPolicy = true): boolean => {
    const { Statement } = JSON.parse(policy) as { Statement: object[] };
    const own = { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: QUEUE };
    return isAllowed(JSON.stringify({ Statement: itsOwnPolicy ? [...Statement, own] : Statement }), {
      service,
      action: "sqs:SendMessage",
      resource: QUEUE,
      context,
    });
  };

  it("lets EventBridge send for each of the two rules", () => {
    for (const rule of ["service-action", "deployment-state-change"])
      expect(mayPark({ "aws:SourceArn": `${RULES}-${rule}` }, "events.amazonaws.com", false), rule).to.be
        .true;
  });

  it("lets the function's role send, in whose name Lambda parks events", () => {
    expect(mayPark({ "aws:PrincipalArn": ROLE })).to.be.true;
    // The role of the stack, not only one that is called so.
    expect(
      `arn:aws:iam::536580886816:role/${String(resourceAt(synthesized, "aws_iam_role.function-role")["name"])}`,
    ).to.equal(ROLE);
    expect(resourceAt(synthesized, "aws_iam_role.function-role")["path"]).to.be.undefined;
  });

  for (const [who, context, service = ""] of [
    ["another rule", { "aws:SourceArn": `${RULES}-service-action-2` }, "events.amazonaws.com"],
    [
      "a rule of another account",
      { "aws:SourceArn": `${RULES}-service-action`.replace("536580886816", "1") },
      "events.amazonaws.com",
    ],
    ["EventBridge without a rule", {}, "events.amazonaws.com"],
    ["another service for a rule's name", { "aws:SourceArn": `${RULES}-x` }, "sns.amazonaws.com"],
    ["another role of the account", { "aws:PrincipalArn": "arn:aws:iam::536580886816:role/administrator" }],
    ["a role whose name goes on", { "aws:PrincipalArn": `${ROLE}-2` }],
    [
      "the role's name in another account",
      { "aws:PrincipalArn": ROLE.replace("536580886816", "536580886817") },
    ],
    ["the account itself", { "aws:PrincipalArn": "arn:aws:iam::536580886816:root" }],
  ] as [string, Record<string, string>, string?][])
    it(`refuses ${who}, whatever its own policy allows`, () => {
      expect(mayPark(context, service)).to.be.false;
    });

  it("lets no one else do anything else", () => {
    const { Statement } = JSON.parse(policy) as { Statement: Record<string, unknown>[] };
    expect(Statement.map(({ Effect, Action }) => [Effect, Action])).to.deep.equal([
      ["Allow", "sqs:SendMessage"],
      ["Deny", "sqs:SendMessage"],
    ]);
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
