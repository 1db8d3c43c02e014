import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCommandLine } from "../../checklist/command-line.ts";
import { tolerateClosedOutput } from "../../checklist/closed-output.ts";
import { EXIT_CODES } from "../../checklist/exit-code.ts";
import { PROVIDER_VERSION } from "../provider-version.ts";
import { LOCK_FILE_NAME, PROVIDER_LOCK_PATH } from "./provider-lock.ts";
import { terraformBinary } from "./terraform-binary.ts";

const PLATFORMS = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64"];

/** `npm run locks` */
tolerateClosedOutput();
const { out } = createCommandLine(
  "locks",
  "Locks the AWS provider: writes the checksums of its packages for Linux and macOS, x64 and arm64. Commit the " +
    "file. Terraform then installs no other package. It downloads each package once, from the provider's registry.\n\n" +
    "Exit codes: 0 the file is written, 1 it is as it was.",
)
  .option("--out <file>", "where to write", PROVIDER_LOCK_PATH)
  .parse()
  .opts();

// eslint-disable-next-line no-restricted-syntax -- an edge; Terraform needs what the caller has set
const variables = process.env;
const folder = mkdtempSync(join(tmpdir(), "locks-"));
try {
  const required = { aws: { source: "hashicorp/aws", version: PROVIDER_VERSION } };
  writeFileSync(
    join(folder, "provider.tf.json"),
    JSON.stringify({ terraform: { required_providers: required } }),
  );
  const terraform = terraformBinary(variables);
  const { status, error } = spawnSync(
    terraform,
    ["providers", "lock", ...PLATFORMS.map((platform) => `-platform=${platform}`)],
    { cwd: folder, env: { ...variables, CHECKPOINT_DISABLE: "1" }, stdio: "inherit" },
  );
  if (status === 0) {
    // Whole or not at all.
    copyFileSync(join(folder, LOCK_FILE_NAME), `${out}.new`);
    renameSync(`${out}.new`, out);
    console.log(`${out} locks the AWS provider ${PROVIDER_VERSION} for ${PLATFORMS.join(", ")}: commit it`);
  } else {
    const reason =
      error === undefined ? `failed with exit code ${status}` : `did not start: ${error.message}`;
    console.error(
      `No lock was written: ${terraform} providers lock ${reason}. It needs the provider's registry, and the provider ${PROVIDER_VERSION} there`,
    );
    process.exitCode = EXIT_CODES.failed;
  }
} finally {
  rmSync(folder, { recursive: true });
}
