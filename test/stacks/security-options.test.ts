import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "../../stacks/create-app.ts";
import type { Environment } from "../../envs/environment.ts";
import { loadEnvironment, loadEnvironments } from "../../envs/load.ts";
import { EventHandlerStack } from "../../stacks/event-handler-stack.ts";
import { StateStack } from "../../stacks/state-stack.ts";
import { substituteProvider } from "../../stacks/substitute-provider.ts";
import { isSubstituted, SUBSTITUTION_SWITCH } from "../../stacks/substitution.ts";
import { providerMirrorVariables, substitutionVariables } from "../../stacks/terraform/provider-mirror.ts";
import { terraformBinary } from "../../stacks/terraform/terraform-binary.ts";
import { validateStack } from "../../stacks/terraform/validate-stack.ts";
import {
  CODE_SHA256,
  only,
  resourceAt,
  type Synthesized,
  synthesizeEventHandler,
  synthesizeState,
} from "./synthesized.ts";

// eslint-disable-next-line no-restricted-syntax -- Terraform is found by it
const inherited = process.env;
const hasTerraform = spawnSync(terraformBinary(inherited), ["version"]).error === undefined;

const key = (name: string): string => `arn:aws:kms:af-south-1:536580886816:key/${name}`;
const dev = loadEnvironment("dev");
const secured: Environment = {
  ...dev,
  logRetentionDays: 365,
  security: {
    kmsKeys: { logs: key("logs"), queue: key("queue"), topic: key("topic"), state: key("state") },
    codeSigningConfig: "arn:aws:lambda:af-south-1:536580886816:code-signing-config:csc-0123456789abcdefg",
  },
};

/** Everything that a property is called anywhere in a stack. */
const textOf = (synthesized: Synthesized): string => JSON.stringify(synthesized);

describe("what a company may ask for", () => {
  it("is off in every environment of envs/", () => {
    for (const environment of loadEnvironments()) {
      expect(environment.security, environment.environment).to.be.undefined;
      const text = textOf(synthesizeEventHandler(environment)) + textOf(synthesizeState(environment));
      expect(text).to.not.match(/kms_|code_signing|aws:kms|kms:/);
    }
  });

  const off = synthesizeEventHandler(dev);
  const on = synthesizeEventHandler(secured);

  it("encrypts the logs with a key, and keeps them for a year", () => {
    expect(resourceAt(on, "aws_cloudwatch_log_group.log-group")).to.include({
      kms_key_id: key("logs"),
      retention_in_days: 365,
    });
  });

  it("encrypts the dead-letter queue with a key, which the function may use", () => {
    expect(only(off, "aws_sqs_queue")).to.include({ sqs_managed_sse_enabled: true });
    expect(only(on, "aws_sqs_queue")).to.include({
      kms_master_key_id: key("queue"),
      kms_data_key_reuse_period_seconds: 300,
    });
    expect(only(on, "aws_sqs_queue")).to.not.have.property("sqs_managed_sse_enabled");
    const { Statement } = JSON.parse(
      String(resourceAt(on, "aws_iam_role_policy.function-role-policy")["policy"]),
    ) as {
      Statement: { Sid: string }[];
    };
    expect(Statement.find(({ Sid }) => Sid === "EncryptParkedEvents")).to.deep.equal({
      Sid: "EncryptParkedEvents",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: key("queue"),
    });
  });

  it("reads and writes rows that are under a key, through DynamoDB alone", () => {
    const underKey = synthesizeEventHandler({
      ...dev,
      tenants: { ...dev.tenants, kmsKeyArn: key("tenants") },
    });
    for (const role of ["function", "reconciler"]) {
      const policyOf = (synthesized: Synthesized) =>
        (
          JSON.parse(
            String(resourceAt(synthesized, `aws_iam_role_policy.${role}-role-policy`)["policy"]),
          ) as { Statement: { Sid: string }[] }
        ).Statement;
      const [statement, ...others] = policyOf(underKey).filter(
        ({ Sid }) => !policyOf(off).some((other) => other.Sid === Sid),
      );
      expect(others).to.be.empty;
      expect(statement, role).to.deep.equal({
        Sid: "DecryptTheRows",
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: key("tenants"),
        Condition: { StringEquals: { "kms:ViaService": "dynamodb.af-south-1.amazonaws.com" } },
      });
    }
  });

  it("encrypts the topic with a key", () => {
    expect(only(on, "aws_sns_topic")).to.include({ kms_master_key_id: key("topic") });
  });

  it("encrypts the state with a key, in the bucket and by the backend", () => {
    expect(on.terraform["backend"]).to.have.nested.property("s3.kms_key_id", key("state"));
    const rules = only(synthesizeState(secured), "aws_s3_bucket_server_side_encryption_configuration")[
      "rule"
    ];
    expect(rules).to.deep.equal([
      {
        apply_server_side_encryption_by_default: {
          sse_algorithm: "aws:kms",
          kms_master_key_id: key("state"),
        },
        bucket_key_enabled: true,
      },
    ]);
  });

  it("has Lambda check the signature of the code", () => {
    expect(resourceAt(on, "aws_lambda_function.function")).to.include({
      code_signing_config_arn: secured.security?.codeSigningConfig,
    });
  });

  it("changes nothing else", () => {
    const resources = ({ resource }: Synthesized): string[] =>
      Object.entries(resource).flatMap(([type, named]) =>
        Object.keys(named).map((name) => `${type}.${name}`),
      );
    expect(resources(on)).to.deep.equal(resources(off));
  });

  it("each works alone", () => {
    for (const use of ["logs", "queue", "topic", "state"] as const) {
      const alone = { ...dev, security: { kmsKeys: { [use]: key(use) } } };
      const text = textOf(synthesizeEventHandler(alone)) + textOf(synthesizeState(alone));
      expect([...new Set([...text.matchAll(/:key\/([a-z]+)/g)].map(([, name]) => name))]).to.deep.equal([
        use,
      ]);
    }
  });

  if (!hasTerraform)
    console.warn("The security options were NOT VALIDATED: there is no Terraform on the PATH");
  (hasTerraform ? it : () => undefined)(
    "is valid for the real Terraform and the real provider",
    async function () {
      this.timeout(240_000);
      const folder = mkdtempSync(join(tmpdir(), "secured-"));
      try {
        const app = createApp({ outdir: join(folder, "cdktf.out") });
        const path = join(folder, "handler.zip");
        writeFileSync(path, "the zip's bytes");
        mkdirSync(join(folder, "cdktf.out"), { recursive: true });
        new EventHandlerStack(app, "dev", {
          environment: secured,
          handlerZip: { path, codeSha256: CODE_SHA256 },
        });
        new StateStack(app, "state-dev", secured);
        if (isSubstituted(substitutionVariables(inherited)[SUBSTITUTION_SWITCH])) substituteProvider(app);
        app.synth();
        const variables = {
          ...inherited,
          CHECKPOINT_DISABLE: "1",
          ...providerMirrorVariables(inherited, join(folder, "mirror.tfrc")),
        };
        for (const stack of ["dev", "state-dev"]) {
          const verdict = await validateStack(join(folder, "cdktf.out", "stacks", stack), variables);
          expect(verdict, stack).to.deep.equal({ kind: "valid" });
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});
