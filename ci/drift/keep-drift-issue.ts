import { listEnvironments } from "../../envs/load.ts";
import { COMMENT_CHARACTERS } from "../github/kept-comment.ts";
import { createGitHub, runUrl } from "../github/client.ts";
import { type StepContext, summarize } from "../step-context.ts";
import { driftFolder, type DriftReport, readDriftReports } from "./drift-report.ts";

/**
 * Keeps the one issue about drift, which it knows by a hidden marker: opened with the first drift, brought up to date while there is
 * any, closed when every environment was looked at and none has any. An environment that could not be looked at keeps it as it is.
 */
export const keepDriftIssue = async (context: StepContext): Promise<void> => {
  const reports = await readDriftReports(driftFolder(context.repository));
  const unknown = listEnvironments().filter(
    (environment) => !reports.some((report) => report.environment === environment),
  );
  const drifted = reports.filter((report) => report.drifted);
  const { rest, owner, repo } = createGitHub(context);
  const issues = await rest.paginate(rest.issues.listForRepo, { owner, repo, state: "open", per_page: 100 });
  // A reader may write our marker, or give an issue our label; only a bot's issue is ours to change.
  const open = issues.find(
    ({ user, body, pull_request: pull }) =>
      pull === undefined && user?.type === "Bot" && body?.startsWith(MARKER) === true,
  );

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

const MARKER = "<!-- drift of the ECS tenant event handler -->";
const LABEL = "drift";

/** What is said of each environment gets the same room, and is cut there: the issue keeps its beginning and its link. */
const describeDrift = (drifted: readonly DriftReport[], unknown: readonly string[], run: string): string => {
  const begin = [
    MARKER,
    "What runs is not what the code on the main branch and ECS say. A change of resources that was merged and not yet promoted " +
      "shows here too. docs/runbook.md, Drift, says what to do.",
    `[The run](${run}) has all of it.`,
    ...(unknown.length > 0 ? [`Could not be looked at: ${unknown.join(", ")}`] : []),
  ].join("\n\n");
  const room = Math.floor((COMMENT_CHARACTERS - begin.length) / drifted.length) - 100;
  return [begin, ...drifted.map(({ markdown }) => cutAtLine(markdown, room))].join("\n\n");
};

const cutAtLine = (markdown: string, room: number): string => {
  if (markdown.length <= room) return markdown;
  const end = markdown.lastIndexOf("\n", room);
  return `${markdown.slice(0, Math.max(end, 0))}\n\nand more`;
};
