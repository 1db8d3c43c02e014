import { listEnvironments } from "../../envs/load.ts";
import { createGitHub, runUrl } from "../github/client.ts";
import { type StepContext, summarize } from "../step-context.ts";
import { driftFolder, type DriftReport, readDriftReports } from "./drift-report.ts";

/**
 * Keeps the one issue about drift: opened with the first drift, brought up to date while there is any, closed when every
 * environment was looked at and none has any. An environment that could not be looked at keeps it as it is.
 */
export const keepDriftIssue = async (context: StepContext): Promise<void> => {
  const reports = await readDriftReports(driftFolder(context.repository));
  const unknown = listEnvironments().filter(
    (environment) => !reports.some((report) => report.environment === environment),
  );
  const drifted = reports.filter((report) => report.drifted);
  const { rest, owner, repo } = createGitHub(context);
  const [open] = await rest.paginate(rest.issues.listForRepo, { owner, repo, labels: LABEL, state: "open" });

  if (drifted.length > 0) {
    const title = `Drift in ${drifted.map(({ environment }) => environment).join(", ")}`;
    const body = describeDrift(drifted, unknown, runUrl(context));
    if (open === undefined) await rest.issues.create({ owner, repo, title, body, labels: [LABEL] });
    else await rest.issues.update({ owner, repo, issue_number: open.number, title, body });
    summarize(context, `${title}: the issue is ${open === undefined ? "opened" : "brought up to date"}`);
  } else if (unknown.length > 0) {
    summarize(context, `No drift is known, but ${unknown.join(", ")} could not be looked at`);
  } else if (open !== undefined) {
    await rest.issues.update({ owner, repo, issue_number: open.number, state: "closed" });
    summarize(context, `No drift any more: issue ${open.number} is closed`);
  } else {
    summarize(context, "No drift");
  }
};

const LABEL = "drift";

const describeDrift = (drifted: readonly DriftReport[], unknown: readonly string[], run: string): string =>
  [
    "What runs is not what the code on the main branch and ECS say. A change of resources that was merged and not yet promoted " +
      "shows here too. docs/runbook.md, Drift, says what to do.",
    ...drifted.map(({ markdown }) => markdown),
    ...(unknown.length > 0 ? [`Could not be looked at: ${unknown.join(", ")}`] : []),
    `[The run](${run})`,
  ]
    .join("\n\n")
    .slice(0, MAX_CHARACTERS);

/** GitHub takes 65,536. */
const MAX_CHARACTERS = 65_000;
