import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { type Check, fail, pass } from "../../checklist/check.ts";
import { lazy } from "../../checklist/lazy.ts";
import type { Context } from "../context.ts";
import { ifFound } from "../takeover/resource-type.ts";
import { countActions, type PlannedChange } from "../terraform/planned-changes.ts";
import { localStateAddresses, localStateFile } from "../aws/local-state.ts";
import { terraformStack } from "../terraform/terraform-stack.ts";

export interface StateBucketImport {
  readonly checks: readonly Check[];
  /** To be run whatever became of the others. */
  readonly cleanUp: Check;
}

/**
 * Brings back the Terraform state of the stack `state-<environment>`, which is a local file: imports what the bucket has into a new one, and
 * applies what it lacks.
 */
export const stateBucketImport = (context: Context, repository = REPOSITORY): StateBucketImport => {
  const { environment, names, runProgram } = context;
  const name = `state-${environment.environment}`;
  const file = localStateFile(name);
  const parts = lazy(() => partsThatExist(context));
  const found = lazy(async () => {
    const known = localStateAddresses(join(repository, file));
    return (await parts()).filter((address) => !known.has(address));
  });
  const stack = terraformStack({
    name,
    repository,
    outdir: join(repository, "cdktf.out"),
    runProgram,
    takeover: async () => ({
      imports: (await found()).map((to) => ({ to, id: names.stateBucketName })),
      overrides: {},
    }),
  });
  let planned: readonly PlannedChange[] = [];
  return {
    checks: [
      {
        title: `State bucket ${names.stateBucketName}`,
        run: async () => {
          if ((await parts()).length === 0)
            return {
              ...fail("there is no such bucket", "a bucket to import"),
              hint: "There is nothing to import: create it",
              next: `npx cdktf deploy ${name}`,
            };
          const missing = await found();
          return pass(
            missing.length === 0
              ? `there, and all of it is in ${file}`
              : `there; ${missing.length} of its parts are not in ${file}`,
          );
        },
      },
      {
        // Also in a dry run: it changes nothing.
        title: "Plan",
        run: async () => {
          planned = await stack.plan();
          const others = planned.filter(
            ({ action, address }) => (action !== "add" && action !== "change") || address === BUCKET,
          );
          if (others.length === 0)
            return pass(`${(await found()).length} to import, ${countActions(planned)}`);
          stack.forgetPlan();
          return fail(
            others.map(({ action, address }) => `${action} ${address}`).join("; "),
            "the bucket itself as it is",
          );
        },
      },
      {
        title: "Imported and applied",
        preview: async () => `import ${(await found()).join(", ")}: ${countActions(planned)}`,
        run: async () => {
          await stack.apply();
          return pass(`${file} is there again: keep it`);
        },
      },
    ],
    cleanUp: {
      title: "Plan removed",
      run: () => {
        stack.forgetPlan();
        return Promise.resolve(pass("with the import blocks"));
      },
    },
  };
};

const BUCKET = "aws_s3_bucket.bucket";

interface BucketInput {
  readonly Bucket: string;
  readonly ExpectedBucketOwner: string;
}

/** Asks for one part of the bucket. @returns undefined when the bucket has no such part. */
type AskForPart = (s3: S3Client, input: BucketInput, signal: AbortSignal) => Promise<unknown>;

/** The resources of the stack, and how to see whether the bucket has them. Terraform knows each by the bucket's name. */
export const STATE_BUCKET_PARTS: Readonly<Record<string, AskForPart>> = {
  [BUCKET]: (s3, input, abortSignal) => s3.send(new HeadBucketCommand(input), { abortSignal }),
  "aws_s3_bucket_versioning.versioning": async (s3, input, abortSignal) =>
    (await s3.send(new GetBucketVersioningCommand(input), { abortSignal })).Status,
  "aws_s3_bucket_lifecycle_configuration.lifecycle": (s3, input, abortSignal) =>
    s3.send(new GetBucketLifecycleConfigurationCommand(input), { abortSignal }),
  "aws_s3_bucket_server_side_encryption_configuration.encryption": (s3, input, abortSignal) =>
    s3.send(new GetBucketEncryptionCommand(input), { abortSignal }),
  "aws_s3_bucket_public_access_block.public-access-block": (s3, input, abortSignal) =>
    s3.send(new GetPublicAccessBlockCommand(input), { abortSignal }),
  "aws_s3_bucket_policy.bucket-policy": (s3, input, abortSignal) =>
    s3.send(new GetBucketPolicyCommand(input), { abortSignal }),
};

/** None when there is no bucket. */
const partsThatExist = async ({ aws, names, environment, signal }: Context): Promise<readonly string[]> => {
  const input = { Bucket: names.stateBucketName, ExpectedBucketOwner: environment.accountId };
  const there: string[] = [];
  for (const [address, ask] of Object.entries(STATE_BUCKET_PARTS))
    if ((await ifFound(() => ask(aws.s3, input, signal))) !== undefined) there.push(address);
  return there;
};

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
