import type { GitHub } from "./client.ts";

/** GitHub takes as many characters for a comment, and for an issue. */
export const COMMENT_CHARACTERS = 65_536;

/**
 * Keeps one comment up to date: the pull request's comment that begins with the marker, which is made when there is none yet.
 * @param marker an HTML comment, which readers do not see.
 */
export const keepComment = async (
  { rest, owner, repo }: GitHub,
  pullRequest: number,
  marker: string,
  markdown: string,
): Promise<"created" | "updated"> => {
  const body = `${marker}\n${markdown}`;
  const comments = await rest.paginate(rest.issues.listComments, {
    owner,
    repo,
    issue_number: pullRequest,
    per_page: 100,
  });
  // A reader may begin a comment with our marker too; only a bot's is ours to change.
  const own = comments.find((comment) => comment.user?.type === "Bot" && comment.body?.startsWith(marker));
  if (own === undefined) {
    await rest.issues.createComment({ owner, repo, issue_number: pullRequest, body });
    return "created";
  }
  await rest.issues.updateComment({ owner, repo, comment_id: own.id, body });
  return "updated";
};
