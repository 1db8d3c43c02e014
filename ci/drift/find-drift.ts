import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadEnvironment } from "../../envs/load.ts";
import { resourceNames } from "../../envs/resource-names.ts";
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
  if (!(await isDeployed(context, environment))) {
    await leaveReport(context, {
      environment,
      drifted: false,
      markdown: `## ${environment}\n\nNot deployed yet: there is nothing that could differ.`,
    });
    return;
  }
  // With the code that Terraform deployed last: a newer one that waits for its promotion is no drift.
  const zip = await fetchZip(context, loadEnvironment(environment), "$LATEST");
  const files = releaseFiles(context.repository);
  await mkdir(files.folder, { recursive: true });
  await writeFile(files.zip, zip);
  const changes = await makePlan(context, environment, { handlerZip: files.zip });

  const { exitCode, stdout } = await operate(["reconcile", environment, "--json"], context);
  const tenants = tenantDrift(stdout);
  if (tenants === undefined)
    throw new StepError(`reconcile ${environment} could not compare the rows (exit code ${exitCode})`, {
      hint: "Its lines above say why. Try it by hand",
      next: `npm run ops -- reconcile ${environment}`,
    });

  await leaveReport(context, {
    environment,
    drifted: changes.length > 0 || tenants.drifted,
    markdown: [`## ${environment}`, planInMarkdown(environment, changes), tenants.markdown].join("\n\n"),
  });
};

/** Before its first deployment an environment has no function. */
const isDeployed = async (context: StepContext, environmentName: string): Promise<boolean> => {
  const environment = loadEnvironment(environmentName);
  const { functionName } = resourceNames(environment);
  try {
    await context
      .createAws(environment.region)
      .lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return false;
    throw error;
  }
};

const leaveReport = async (context: StepContext, report: DriftReport): Promise<void> => {
  summarize(context, report.markdown);
  const folder = driftFolder(context.repository);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${report.environment}.json`), JSON.stringify(report));
};
