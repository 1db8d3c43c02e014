import { expect } from "chai";
import { replacementTable } from "../../docs/generate/replacement-table.ts";
import { replacements } from "../../build/replacements.ts";
import type { Environment } from "../../envs/environment.ts";
import { loadEnvironment, loadEnvironments } from "../../envs/load.ts";
import { resourceNames } from "../../envs/resource-names.ts";
import { planPolicy } from "../../stacks/plan-policy.ts";
import { findPolicyProblems } from "../../stacks/policy-rules.ts";
import {
  type Block,
  only,
  type Synthesized,
  synthesizeEventHandler,
  synthesizeState,
} from "../stacks/synthesized.ts";
import { readDocument } from "./documents.ts";

const document = readDocument("docs/security.md");
const dev = loadEnvironment("dev");
const key = "arn:aws:kms:af-south-1:536580886816:key/1";
const secured: Environment = {
  ...dev,
  logRetentionDays: 365,
  security: {
    kmsKeys: { logs: key, queue: key, topic: key, state: key },
    codeSigningConfig: "arn:aws:lambda:af-south-1:536580886816:code-signing-config:csc-0123456789abcdefg",
  },
};

interface Stacks {
  readonly handler: Synthesized;
  readonly state: Synthesized;
}
const synthesize = (environment: Environment): Stacks => ({
  handler: synthesizeEventHandler(environment),
  state: synthesizeState(environment),
});

/** Whether the stacks keep a rule, as Checkov would judge. */
const KEEPS: Readonly<Record<string, (stacks: Stacks) => boolean>> = {
  CKV_AWS_115: ({ handler }) =>
    every(handler, "aws_lambda_function", (one) => "reserved_concurrent_executions" in one),
  CKV_AWS_117: ({ handler }) => every(handler, "aws_lambda_function", (one) => "vpc_config" in one),
  CKV_AWS_173: ({ handler }) => every(handler, "aws_lambda_function", (one) => "kms_key_arn" in one),
  CKV_AWS_272: ({ handler }) =>
    every(handler, "aws_lambda_function", (one) => "code_signing_config_arn" in one),
  CKV_AWS_50: ({ handler }) => every(handler, "aws_lambda_function", (one) => "tracing_config" in one),
  CKV_AWS_26: ({ handler }) => "kms_master_key_id" in only(handler, "aws_sns_topic"),
  CKV_AWS_158: ({ handler }) => every(handler, "aws_cloudwatch_log_group", (one) => "kms_key_id" in one),
  CKV_AWS_338: ({ handler }) =>
    every(handler, "aws_cloudwatch_log_group", (one) => Number(one["retention_in_days"]) >= 365),
  CKV_AWS_18: ({ state }) => "aws_s3_bucket_logging" in state.resource,
  CKV_AWS_144: ({ state }) => "aws_s3_bucket_replication_configuration" in state.resource,
  CKV_AWS_145: ({ state }) =>
    JSON.stringify(only(state, "aws_s3_bucket_server_side_encryption_configuration")).includes("aws:kms"),
};

/** Whether all resources of a type are so: what one lacks, the rule is not kept. */
const every = ({ resource }: Synthesized, type: string, is: (one: Block) => boolean): boolean =>
  Object.values(resource[type] ?? {}).every(is);

/** The cells of the document's table of exceptions, by rule. */
const exceptions = new Map(
  [...document.matchAll(/^\| (CKV_AWS_\d+) +\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)].map(
    ([, rule = "", , here = "", reason = ""]) => [rule, { here: here.trim(), reason: reason.trim() }],
  ),
);

describe("docs/security.md", () => {
  it("has every exception, and says why", () => {
    expect([...exceptions.keys()]).to.have.members(Object.keys(KEEPS));
    for (const [rule, { reason }] of exceptions) expect(reason, rule).to.match(/^.{20,}\.$/);
  });

  it("says of each exception what the stacks do, with the options off and on", () => {
    const [off, on] = [synthesize(dev), synthesize(secured)];
    for (const [rule, { here }] of exceptions) {
      const keeps = KEEPS[rule];
      const says = keeps?.(off) === true ? "Kept" : keeps?.(on) === true ? "Option" : "Not kept";
      expect(here, rule).to.equal(says);
    }
  });

  it("names every replacement of the bundle, and why", () => {
    const rows = replacementTable().split("\n").slice(2);
    expect(rows).to.have.length(replacements.length);
    for (const [index, { module, why }] of replacements.entries()) {
      expect(rows[index]).to.include(`\`${module}\``).and.include(why.slice(0, 20).replaceAll("`", "'"));
      expect(document).to.include(module);
    }
  });

  it("says how long artifacts and logs are kept", () => {
    for (const { environment, logRetentionDays } of loadEnvironments())
      expect(document).to.include(`${environment} ${logRetentionDays} days`);
    expect(document).to.match(/`drift-…` +\| +\| 7 days/);
    expect(document).to.match(/at most 14 days/);
  });
});

describe("the role of pull requests", () => {
  for (const environment of loadEnvironments()) {
    it(`reads the state, and that table, cluster and boundary of ${environment.environment} exist, and nothing else`, () => {
      const policy = planPolicy(environment);
      expect(findPolicyProblems(JSON.stringify(policy), "identity", environment.accountId)).to.deep.equal([]);
      const names = resourceNames(environment);
      const granted = policy.Statement.flatMap(({ Action, Resource = [] }) =>
        [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} ${resource}`)),
      );
      expect(granted).to.have.members([
        `s3:GetObject arn:aws:s3:::${names.stateBucketName}/${names.stateKey}`,
        `s3:ListBucket arn:aws:s3:::${names.stateBucketName}`,
        `dynamodb:DescribeContinuousBackups ${names.tenantsTableArn}`,
        `dynamodb:DescribeTable ${names.tenantsTableArn}`,
        `dynamodb:DescribeTimeToLive ${names.tenantsTableArn}`,
        `dynamodb:ListTagsOfResource ${names.tenantsTableArn}`,
        `ecs:DescribeClusters ${names.clusterArn}`,
        `iam:GetPolicy ${names.boundaryArn}`,
        `iam:GetPolicyVersion ${names.boundaryArn}`,
      ]);
    });
  }

  it("reads no rows, code, logs or messages, and changes nothing", () => {
    const actions = planPolicy(secured).Statement.flatMap(({ Action }) => [Action].flat());
    expect(actions.join(" ")).to.not.match(
      /GetItem|Scan|Query|BatchGet|lambda:|logs:|sqs:|Put|Update|Delete|Create|PassRole|\*/,
    );
    expect(actions).to.include("kms:Decrypt");
  });

  it("finds no secret in the state: no resource of the stacks has one", () => {
    const types = loadEnvironments().flatMap((environment) =>
      Object.keys(synthesizeEventHandler(environment).resource),
    );
    const withSecrets = /secret|password|_key$|access_key|certificate|user_login|ssm_parameter|random_/;
    expect([...new Set(types)].filter((type) => withSecrets.test(type))).to.deep.equal([]);
    expect(JSON.stringify(synthesizeEventHandler(dev))).to.not.match(/"(password|secret|token)/i);
  });
});
