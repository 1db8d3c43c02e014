import { Octokit } from "@octokit/rest";
import { requireVariable, type StepContext } from "../step-context.ts";

/** GitHub, and the repository in it that the workflow runs in. */
export interface GitHub {
  readonly rest: Octokit;
  readonly owner: string;
  readonly repo: string;
}

export const createGitHub = (context: StepContext): GitHub => {
  const [owner = "", repo = ""] = requireVariable(context, "GITHUB_REPOSITORY").split("/");
  return {
    rest: new Octokit({
      auth: requireVariable(context, "GITHUB_TOKEN"),
      baseUrl: requireVariable(context, "GITHUB_API_URL"),
      // What goes wrong is told by the error; Octokit would tell it on the console once more.
      log: { debug: silent, info: silent, warn: silent, error: silent },
    }),
    owner,
    repo,
  };
};

const silent = (): void => undefined;

/** The page that shows this run. */
export const runUrl = (context: StepContext): string =>
  [
    requireVariable(context, "GITHUB_SERVER_URL"),
    requireVariable(context, "GITHUB_REPOSITORY"),
    "actions/runs",
    requireVariable(context, "GITHUB_RUN_ID"),
  ].join("/");
