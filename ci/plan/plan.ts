import { createGitHub, runUrl } from "../github/client.ts";
import { keepComment } from "../github/kept-comment.ts";
import { StepError } from "../errors.ts";
import { requireVariable, type StepContext, summarize } from "../step-context.ts";
import { makePlan } from "./make-plan.ts";
import { planInMarkdown } from "./plan-in-markdown.ts";

/** Plans an environment and tells the reviewers: in the run's summary, and in one comment that later plans replace. */
export const plan = async (context: StepContext, environmentName: string): Promise<void> => {
  const pullRequest = Number(requireVariable(context, "PULL_REQUEST"));
  if (!Number.isSafeInteger(pullRequest) || pullRequest < 1)
    throw new StepError("The environment variable PULL_REQUEST must be the number of the pull request");

  const markdown = planInMarkdown(environmentName, await makePlan(context, environmentName));
  summarize(context, markdown);
  const commit = requireVariable(context, "GITHUB_SHA").slice(0, 7);
  const comment = await keepComment(
    createGitHub(context),
    pullRequest,
    `<!-- plan: ${environmentName} -->`,
    `${markdown}\n\n<sub>${commit} · [log](${runUrl(context)})</sub>`,
  );
  context.log.write(`The comment on pull request ${pullRequest} was ${comment}\n`);
};
