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
