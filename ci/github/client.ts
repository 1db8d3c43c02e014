import { Octokit } from "@octokit/rest";
import { requireVariable, type Step } from "../step.ts";

/** GitHub, and the repository in it that the workflow runs in. */
export interface GitHub {
  readonly rest: Octokit;
  readonly owner: string;
  readonly repo: string;
}

export const createGitHub = (step: Step): GitHub => {
  const [owner = "", repo = ""] = requireVariable(step, "GITHUB_REPOSITORY").split("/");
  return {
    rest: new Octokit({
      auth: requireVariable(step, "GITHUB_TOKEN"),
      baseUrl: requireVariable(step, "GITHUB_API_URL"),
      // What goes wrong is told by the error; Octokit would tell it on the console once more.
      log: { debug: silent, info: silent, warn: silent, error: silent },
    }),
    owner,
    repo,
  };
};

const silent = (): void => undefined;

/** The page that shows this run. */
export const runUrl = (step: Step): string =>
  [
    requireVariable(step, "GITHUB_SERVER_URL"),
    requireVariable(step, "GITHUB_REPOSITORY"),
    "actions/runs",
    requireVariable(step, "GITHUB_RUN_ID"),
  ].join("/");
