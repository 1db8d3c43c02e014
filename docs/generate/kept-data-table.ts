import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { markdownTable } from "markdown-table";
import { parse } from "yaml";
import type { Environment } from "../../envs/environment.ts";
import { DEAD_LETTER_RETENTION_SECONDS } from "../../stacks/dead-letter-retention.ts";

/** Where names of tenants are kept, and how long: from envs/, the stacks and the workflows. */
export const keptDataTable = (environments: readonly Environment[]): string =>
  markdownTable([
    ["Where", "What", "How long"],
    ["Tenants' table", "status, events, service", "until another service deletes the row"],
    ["Directory of services", "service ARN, tenant, environment", "30 days after it was last confirmed"],
    [
      "Logs of the functions",
      "tenant, service, event, status; no whole rows",
      environments
        .map(({ environment, logRetentionDays }) => `${environment} ${logRetentionDays} days`)
        .join(", "),
    ],
    [
      "Dead-letter queue",
      "whole events",
      `until they are replayed, at most ${DEAD_LETTER_RETENTION_SECONDS / SECONDS_A_DAY} days`,
    ],
    ["Metrics", "environment, reason, status; no tenant", "15 months, by CloudWatch"],
    ["Terraform state", "the resources; no tenant, no secret", "every version, until it is deleted by hand"],
    [
      "Issue about drift, comments on pull requests",
      "tenants whose rows disagree",
      "as long as GitHub keeps the issue",
    ],
    [
      "Logs and summaries of workflow runs",
      "what the commands print",
      "as the repository is set, 90 days by default",
    ],
    ...artifacts().map(({ name, days }) => [`Artifact \`${name}\``, WHAT[name] ?? "", `${days} days`]),
  ]);

const SECONDS_A_DAY = 24 * 60 * 60;

/** What an artifact tells, as far as it is not obvious. */
const WHAT: Readonly<Record<string, string>> = {
  release: "the zip and its provenance; no tenant",
  "approved-plan": "a plan as a list of changes; no tenant",
  sbom: "packages and licences; no tenant",
};

interface UploadStep {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** Each once, by its name without expressions. */
const artifacts = (): readonly { readonly name: string; readonly days: string }[] => {
  const folder = fileURLToPath(new URL("../../.github/workflows", import.meta.url));
  const found = new Map<string, string>();
  for (const file of readdirSync(folder).sort()) {
    const { jobs } = parse(readFileSync(join(folder, file), "utf8")) as {
      jobs: Readonly<Record<string, { readonly steps?: readonly UploadStep[] }>>;
    };
    for (const { steps = [] } of Object.values(jobs))
      for (const { uses = "", with: given = {} } of steps)
        if (uses.startsWith("actions/upload-artifact@"))
          found.set(
            String(given["name"]).replaceAll(/\$\{\{[^}]*\}\}/g, "…"),
            String(given["retention-days"]),
          );
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, days]) => ({ name, days }));
};
