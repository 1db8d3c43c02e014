import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";
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
    const { stateBucketName, stateKey } = resourceNames(environment);
    const bucket = new S3Bucket(this, "bucket", {
      bucket: stateBucketName,
      lifecycle: { preventDestroy: true },
    });
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket: bucket.id,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: bucket.id,
      rule: lifecycleRules(`${stateKey}.tflock`),
      // Without versions there is nothing that these rules are for.
      dependsOn: [versioning],
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

/** How long one can return to any older version of the state. */
const OLD_STATE_DAYS = 365;
/** So many of them stay however old they are: an environment may rest for years. */
const OLD_STATES_KEPT = 20;

/**
 * What becomes of what nobody sees. Each lock leaves a version of the lock's file and a marker that it was deleted; a day later
 * they are of no use. Where both rules are for an object, the one that removes it earlier counts.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
const lifecycleRules = (lockKey: string): S3BucketLifecycleConfigurationRule[] => [
  {
    id: "locks",
    status: "Enabled",
    filter: [{ prefix: lockKey }],
    noncurrentVersionExpiration: [{ noncurrentDays: 1 }],
    // A marker goes once the versions that it hides are gone.
    expiration: [{ expiredObjectDeleteMarker: true }],
  },
  {
    id: "old-versions",
    status: "Enabled",
    filter: [{ prefix: "" }],
    noncurrentVersionExpiration: [
      { noncurrentDays: OLD_STATE_DAYS, newerNoncurrentVersions: OLD_STATES_KEPT },
    ],
    expiration: [{ expiredObjectDeleteMarker: true }],
    abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
  },
];

const tlsOnly = (bucketArn: string): PolicyDocument =>
  policyDocument({
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
