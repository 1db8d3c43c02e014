import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { StepError } from "../errors.ts";

/** What one environment's check for drift found; `dist/drift/<environment>.json`. */
export interface DriftReport {
  readonly environment: string;
  readonly drifted: boolean;
  readonly markdown: string;
}

export const driftFolder = (repository: string): string => join(repository, "dist", "drift");

/** @throws {StepError} naming the file that is no report. */
export const readDriftReports = async (folder: string): Promise<readonly DriftReport[]> => {
  // When the check failed everywhere, there is not even the folder.
  const names = await readdir(folder).catch(() => []);
  return Promise.all(
    names
      .filter((name) => name.endsWith(".json"))
      .map(async (name) => {
        const report: unknown = JSON.parse(await readFile(join(folder, name), "utf8"));
        if (!isDriftReport(report))
          throw new StepError(`dist/drift/${name} is no report of drift`, {
            hint: "An earlier job of the workflow run makes it: run the workflow from its beginning",
          });
        return report;
      }),
  );
};

const isDriftReport = (report: unknown): report is DriftReport =>
  typeof report === "object" &&
  report !== null &&
  "environment" in report &&
  typeof report.environment === "string" &&
  "drifted" in report &&
  typeof report.drifted === "boolean" &&
  "markdown" in report &&
  typeof report.markdown === "string";
