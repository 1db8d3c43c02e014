import type { GitHub } from "./client.ts";

/**
 * How one commit stands to another. `older`: it is an ancestor of the other; `unknown`: GitHub does not know one of them.
 */
export type Relation = "same" | "newer" | "older" | "diverged" | "unknown";

/**
 * Asks GitHub, so that no checkout needs the history.
 * @param other a commit or a branch.
 * @see https://docs.github.com/en/rest/commits/commits#compare-two-commits
 */
export const compareCommits = async (
  { rest, owner, repo }: GitHub,
  commit: string,
  other: string,
): Promise<Relation> => {
  try {
    const { data } = await rest.repos.compareCommitsWithBasehead({
      owner,
      repo,
      basehead: `${other}...${commit}`,
      // Only the status matters, and a comparison may be long.
      per_page: 1,
    });
    switch (data.status) {
      case "identical":
        return "same";
      case "ahead":
        return "newer";
      case "behind":
        return "older";
      case "diverged":
        return "diverged";
    }
  } catch (error) {
    if (error instanceof Error && "status" in error && error.status === 404) return "unknown";
    throw error;
  }
};
