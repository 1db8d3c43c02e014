import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadEnvironment } from "../../envs/load.ts";
import { StepError } from "../errors.ts";
import { operate } from "../operate.ts";
import { makePlan } from "../plan/make-plan.ts";
import { planInMarkdown } from "../plan/plan-in-markdown.ts";
import { fetchZip } from "../release/fetch-zip.ts";
import { releaseFiles } from "../release/release-files.ts";
import { type StepContext, summarize } from "../step-context.ts";
import { driftFolder, type DriftReport } from "./drift-report.ts";
import { tenantDrift } from "./tenants-in-markdown.ts";

/**
 * Looks for what is not as it should be in an environment: resources that differ from the code, and rows that differ from ECS.
 * Changes nothing; leaves a report for the job that keeps the issue.
 * @throws {StepError} when the rows could not be compared: nothing is known then, which is not the same as no drift.
 */
export const findDrift = async (context: StepContext, environment: string): Promise<void> => {
  // With the code that Terraform deployed last: a newer one that waits for its promotion is no drift.
  const zip = await fetchZip(context, loadEnvironment(environment), "$LATEST");
  const files = releaseFiles(context.repository);
  await mkdir(files.folder, { recursive: true });
  await writeFile(files.zip, zip);
  const changes = await makePlan(context, environment, { handlerZip: files.zip });

  const { exitCode, stdout } = await operate(["reconcile", environment, "--json"], context);
  const tenants = tenantDrift(stdout);
  if (tenants === undefined)
    throw new StepError(`reconcile ${environment} could not compare the rows (exit code ${exitCode})`);

  const report: DriftReport = {
    environment,
    drifted: changes.length > 0 || tenants.drifted,
    markdown: [`## ${environment}`, planInMarkdown(environment, changes), tenants.markdown].join("\n\n"),
  };
  summarize(context, report.markdown);
  const folder = driftFolder(context.repository);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${environment}.json`), JSON.stringify(report));
};
