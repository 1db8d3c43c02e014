import { gitHubAdvisoryIdToUrl, npmAudit, type Summary } from "audit-ci";
import type { AcceptedAdvisory } from "./accepted-advisories.ts";

/** What the registry knows of a project's packages, and whether that is accepted. */
export interface Judgement {
  /** A line for each advisory that is not accepted, or not any more. */
  readonly objections: readonly string[];
  /** Those that were found and are accepted. */
  readonly accepted: readonly string[];
  /** Those that are accepted and were not found: their entries can go. */
  readonly unneeded: readonly string[];
}

export interface AuditedProject {
  /** Where its package-lock.json is. */
  readonly folder: string;
  /** The least severity that counts. */
  readonly severity: "low" | "high";
  readonly accepted: readonly AcceptedAdvisory[];
}

/**
 * Has npm ask the registry what is known of the packages of a lock file, and audit-ci judge the answer.
 * @throws {RegistryError} when the registry did not answer: nothing is known then.
 */
export const judgeAdvisories = async ({ folder, severity, accepted }: AuditedProject): Promise<Judgement> => {
  const summary = await npmAudit(
    {
      "package-manager": "npm",
      directory: folder,
      low: severity === "low",
      high: severity === "high",
      allowlist: accepted.map(({ record }) => record),
      "report-type": "summary",
      // Judged is the lock file, whatever may be installed.
      "extra-args": ["--package-lock-only"],
    },
    (found) => found,
  ).catch((cause: unknown) => {
    throw new RegistryError("the registry did not answer; npm audit says why", { cause });
  });
  return judgementOf(summary, accepted);
};

/** What is known of the packages could not be asked. */
export class RegistryError extends Error {
  override readonly name = "RegistryError";
}

const judgementOf = (summary: Summary, accepted: readonly AcceptedAdvisory[]): Judgement => ({
  objections: summary.advisoriesFound.map(String).map((id) => {
    const expired = accepted.find((one) => one.id === id);
    const paths = summary.advisoryPathsFound
      .filter((path) => path.startsWith(`${id}|`))
      .map((path) => path.slice(id.length + 1));
    return [
      `${gitHubAdvisoryIdToUrl(id)}, by ${paths.slice(0, PATHS_SHOWN).join(", ")}`,
      ...(paths.length > PATHS_SHOWN ? [` and ${paths.length - PATHS_SHOWN} other ways`] : []),
      ...(expired === undefined ? [] : [`: it was accepted until ${expired.expiry}. ${expired.reason}`]),
    ].join("");
  }),
  accepted: summary.allowlistedAdvisoriesFound.map(String),
  unneeded: summary.allowlistedAdvisoriesNotFound,
});

const PATHS_SHOWN = 3;
