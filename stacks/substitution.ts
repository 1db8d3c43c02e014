import { PROVIDER_VERSION } from "./provider-version.ts";

/**
 * What takes the place of the provider and the runtimes where nothing newer than provider 5 can be had: 5.100.0 is its last version, and
 * nodejs22.x the newest runtime that it accepts.
 */
export const SUBSTITUTE = { providerVersion: "5.100.0", runtime: "nodejs22.x" } as const;

/** The one switch: the environment variable that main.ts reads. It holds the substitute's version. */
export const SUBSTITUTION_SWITCH = "SUBSTITUTE_PROVIDER";

export class SubstitutionError extends Error {
  override readonly name = "SubstitutionError";
}

/** @throws {SubstitutionError} for anything but the one version that is prepared for. */
export const isSubstituted = (value: string | undefined): boolean => {
  if (value === undefined || value === "") return false;
  if (value === SUBSTITUTE.providerVersion) return true;
  throw new SubstitutionError(
    `${SUBSTITUTION_SWITCH} is ${JSON.stringify(value)}: it can be ${SUBSTITUTE.providerVersion} or nothing`,
  );
};

/** What a trial with the substitutes has to say in its first and in its last line. */
export const SUBSTITUTION_NOTICE =
  `SUBSTITUTED: AWS provider ${SUBSTITUTE.providerVersion} for ${PROVIDER_VERSION}, and runtime ${SUBSTITUTE.runtime} ` +
  "for what envs/*.json says. Of the provider that deployments use, this proves nothing";
