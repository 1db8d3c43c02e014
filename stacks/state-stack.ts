import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import { Aspects, LocalBackend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { addAwsAccount } from "./aws-account.ts";
import { Guardrails } from "./guardrails.ts";
import { type PolicyDocument, policyDocument } from "./policy-document.ts";

/**
 * The bucket that the environment's Terraform state lives in; deployed once per account, before anything else. Its own
 * state is a local file, for there is no bucket yet to hold it.
 */
export class StateStack extends TerraformStack {
  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    Aspects.of(this).add(new Guardrails());
    addAwsAccount(this, environment);
    // Terraform runs in cdktf.out/stacks/<id>: this is the repository's root.
    new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });

    const key = environment.security?.kmsKeys?.state;
    const { stateBucketName } = resourceNames(environment);
    const bucket = new S3Bucket(this, "bucket", {
      bucket: stateBucketName,
      lifecycle: { preventDestroy: true },
    });
    new S3BucketVersioningA(this, "versioning", {
      bucket: bucket.id,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: bucket.id,
      rule: [
        key === undefined
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
          : {
              applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key },
              bucketKeyEnabled: true,
            },
      ],
    });
    const publicAccessBlock = new S3BucketPublicAccessBlock(this, "public-access-block", {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketPolicy(this, "bucket-policy", {
      bucket: bucket.id,
      policy: JSON.stringify(tlsOnly(`arn:aws:s3:::${stateBucketName}`)),
      // S3 refuses two changes of one bucket's access at a time.
      dependsOn: [publicAccessBlock],
    });
    new TerraformOutput(this, "state_bucket", { description: "The state bucket", value: bucket.bucket });
  }
}

const tlsOnly = (bucketArn: string): PolicyDocument =>
  policyDocument({
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
