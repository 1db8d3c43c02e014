import { createGitHub, runUrl } from "../github/client.ts";
import { keepComment } from "../github/kept-comment.ts";
import { StepError } from "../errors.ts";
import { requireVariable, type Step, summarize } from "../step.ts";
import { makePlan } from "./make-plan.ts";
import { planInMarkdown } from "./plan-in-markdown.ts";

/** Plans an environment and tells the reviewers: in the run's summary, and in one comment that later plans replace. */
export const plan = async (step: Step, environmentName: string): Promise<void> => {
  const pullRequest = Number(requireVariable(step, "PULL_REQUEST"));
  if (!Number.isSafeInteger(pullRequest) || pullRequest < 1)
    throw new StepError("The environment variable PULL_REQUEST must be the number of the pull request");

  const markdown = planInMarkdown(environmentName, await makePlan(step, environmentName));
  summarize(step, markdown);
  const commit = requireVariable(step, "GITHUB_SHA").slice(0, 7);
  const comment = await keepComment(
    createGitHub(step),
    pullRequest,
    `<!-- plan: ${environmentName} -->`,
    `${markdown}\n\n<sub>${commit} · [log](${runUrl(step)})</sub>`,
  );
  step.log.write(`The comment on pull request ${pullRequest} was ${comment}\n`);
};
