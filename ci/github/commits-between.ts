import { codeInMarkdown, textInMarkdown } from "../markdown.ts";
import type { StepContext } from "../step-context.ts";
import { createGitHub } from "./client.ts";
import { readLiveRecord } from "./record-deployment.ts";

/**
 * The commits between what an environment runs and what is to come, for those who approve it: newest first.
 * @param commit what is to come; undefined when nobody knows.
 */
export const commitsInMarkdown = async (
  context: StepContext,
  environment: string,
  commit: string | undefined,
): Promise<string> => {
  const live = await readLiveRecord(context, environment);
  const runs = live?.origin?.kind === "workflow" ? live.origin.commit : undefined;
  if (commit === undefined || runs === undefined)
    return `### Commits\n\nNot known: which commit ${commit === undefined ? "is to come" : `${environment} runs`} is recorded nowhere.`;
  const { rest, owner, repo } = createGitHub(context);
  const { data } = await rest.repos.compareCommitsWithBasehead({
    owner,
    repo,
    basehead: `${runs}...${commit}`,
  });
  const lines = data.commits
    .toReversed()
    .slice(0, MAX_COMMITS)
    .map(({ sha, commit: { message, author } }) => {
      const [subject = ""] = message.split("\n");
      return `- ${codeInMarkdown(sha.slice(0, 7))} ${textInMarkdown(subject.slice(0, 200))} (${textInMarkdown(author?.name ?? "unknown")})`;
    });
  const unlisted = data.total_commits - lines.length;
  return [
    `### Commits: ${data.ahead_by} more and ${data.behind_by} fewer than ${environment} runs`,
    "",
    ...lines,
    ...(unlisted > 0 ? [`- and ${unlisted} more`] : []),
  ].join("\n");
};

const MAX_COMMITS = 100;
