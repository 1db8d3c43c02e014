import { expect } from "chai";
import { loadEnvironment } from "../../envs/load.ts";
import { only, synthesizeState } from "./synthesized.ts";

const synthesized = synthesizeState(loadEnvironment("sit"));

describe("StateStack", () => {
  it("keeps its own state in a file, for there is no bucket yet", () => {
    expect(synthesized.terraform["backend"]).to.deep.equal({
      local: { path: "../../../terraform.state-sit.tfstate" },
    });
  });

  it("makes the bucket that the environment's stack keeps its state in, and never destroys it", () => {
    expect(only(synthesized, "aws_s3_bucket")).to.deep.include({
      bucket: "bbws-terraform-state-sit",
      lifecycle: { prevent_destroy: true },
    });
  });

  it("versions and encrypts it, and keeps it from the public", () => {
    expect(only(synthesized, "aws_s3_bucket_versioning")["versioning_configuration"]).to.deep.equal({
      status: "Enabled",
    });
    expect(only(synthesized, "aws_s3_bucket_server_side_encryption_configuration")["rule"]).to.deep.equal([
      { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
    ]);
    expect(only(synthesized, "aws_s3_bucket_public_access_block")).to.include({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  it("forgets what locks leave behind after a day, and old states after a year but for the latest", () => {
    const lifecycle = only(synthesized, "aws_s3_bucket_lifecycle_configuration");
    expect(lifecycle["depends_on"]).to.deep.equal(["aws_s3_bucket_versioning.versioning"]);
    expect(lifecycle["rule"]).to.deep.equal([
      {
        id: "locks",
        status: "Enabled",
        filter: [{ prefix: "ecs-event-handler/sit/terraform.tfstate.tflock" }],
        noncurrent_version_expiration: [{ noncurrent_days: 1 }],
        expiration: [{ expired_object_delete_marker: true }],
      },
      {
        id: "old-versions",
        status: "Enabled",
        filter: [{ prefix: "" }],
        noncurrent_version_expiration: [{ noncurrent_days: 365, newer_noncurrent_versions: 20 }],
        expiration: [{ expired_object_delete_marker: true }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      },
    ]);
  });

  it("denies everyone everything without TLS", () => {
    expect(JSON.parse(String(only(synthesized, "aws_s3_bucket_policy")["policy"]))).to.have.deep.property(
      "Statement",
      [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: ["arn:aws:s3:::bbws-terraform-state-sit", "arn:aws:s3:::bbws-terraform-state-sit/*"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    );
  });
});
