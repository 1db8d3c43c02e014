import { createGitHub, runUrl } from "../github/client.ts";
import { COMMENT_CHARACTERS, keepComment } from "../github/kept-comment.ts";
import { describeProviderLock } from "../../stacks/terraform/provider-lock.ts";
import { StepError } from "../errors.ts";
import { requireVariable, type StepContext, summarize } from "../step-context.ts";
import { makePlan } from "./make-plan.ts";
import { planInMarkdown } from "./plan-in-markdown.ts";

/**
 * Plans an environment and tells the reviewers: all in the run's summary, and what fits in one comment that later plans replace, and
 * that says so when the plan fails. The plan compares with the state alone: the role of a pull request reads no more.
 */
export const plan = async (context: StepContext, environmentName: string): Promise<void> => {
  const given = requireVariable(context, "PULL_REQUEST");
  const pullRequest = Number(given);
  if (!Number.isSafeInteger(pullRequest) || pullRequest < 1)
    throw new StepError(`The environment variable PULL_REQUEST is ${JSON.stringify(given)}`, {
      hint: "Set it to the number of the pull request",
    });
  // GITHUB_SHA is a merge that nobody has pushed.
  const commit = requireVariable(context, "HEAD_SHA").slice(0, 7);
  const footer = `\n\n<sub>${commit} · compared with the Terraform state · ${describeProviderLock()} · [log](${runUrl(context)})</sub>`;
  const comment = async (markdown: string): Promise<void> => {
    const marker = `<!-- plan: ${environmentName} -->`;
    const done = await keepComment(createGitHub(context), pullRequest, marker, `${markdown}${footer}`);
    context.log.write(`The comment on pull request ${pullRequest} was ${done}\n`);
  };

  try {
    const changes = await makePlan(context, environmentName, { refresh: false });
    summarize(context, planInMarkdown(environmentName, changes));
    await comment(planInMarkdown(environmentName, changes, COMMENT_CHARACTERS - footer.length - 100));
  } catch (error) {
    // An earlier plan would be taken for this commit's. A job that was cancelled is followed by another.
    if (!context.signal.aborted) await comment(`### Plan for ${environmentName}: failed; the log says why`);
    throw error;
  }
};
