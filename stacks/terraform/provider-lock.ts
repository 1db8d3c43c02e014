import { copyFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ObstacleError } from "../../checklist/errors.ts";
import { PROVIDER_VERSION } from "../provider-version.ts";

/**
 * The committed checksums of the AWS provider's packages: one file, as all stacks ask for the same provider. `npm run locks` makes it.
 * @see https://developer.hashicorp.com/terraform/language/files/dependency-lock
 */
export const PROVIDER_LOCK_PATH = "stacks/providers.lock.hcl";

export const PROVIDER_LOCK = fileURLToPath(new URL(`../../${PROVIDER_LOCK_PATH}`, import.meta.url));

/** What Terraform calls the file in the folder of a stack. */
export const LOCK_FILE_NAME = ".terraform.lock.hcl";

/**
 * The provider's version that is locked; undefined when no lock is committed, which is no error.
 * @throws {ObstacleError} when it is another than the stacks ask for.
 */
export const lockedProviderVersion = (lock = PROVIDER_LOCK): string | undefined => {
  if (!existsSync(lock)) return undefined;
  const version = /^\s*version\s*=\s*"([^"]+)"/m.exec(readFileSync(lock, "utf8"))?.[1] ?? "no version";
  if (version === PROVIDER_VERSION) return version;
  throw new ObstacleError(
    `${lock} locks the AWS provider at ${version}, and the stacks ask for ${PROVIDER_VERSION}`,
    { hint: "Make the lock again", next: "npm run locks" },
  );
};

/** Gives every synthesized stack the committed lock, where there is one: before `terraform init`, which then heeds it. */
export const placeProviderLock = (outdir: string, lock = PROVIDER_LOCK): void => {
  if (lockedProviderVersion(lock) === undefined) return;
  const stacks = join(outdir, "stacks");
  for (const stack of readdirSync(stacks)) copyFileSync(lock, join(stacks, stack, LOCK_FILE_NAME));
};

/** What a plan and preflight say of it. */
export const describeProviderLock = (lock = PROVIDER_LOCK): string => {
  const version = lockedProviderVersion(lock);
  return version === undefined
    ? "no checksums of the provider are committed; to lock them where its registry can be reached, run: npm run locks"
    : `the provider's checksums are locked, version ${version}`;
};
