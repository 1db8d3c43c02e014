import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROVIDER_VERSION } from "../stacks/provider-version.ts";
import { PROVIDER_LOCK_PATH } from "../stacks/terraform/provider-lock.ts";
import { createGitHub, type GitHub, runUrl } from "./github/client.ts";
import { orUndefined } from "./github/or-undefined.ts";
import { StepError } from "./errors.ts";
import type { StepContext } from "./step-context.ts";

/** A branch of this step's own: what it holds is replaced. */
const BRANCH = "provider-lock";

/**
 * Proposes the lock file that `npm run locks` has written in the checkout: a pull request with this one file, or none when the
 * default branch has it already. A pull request that is open is brought up to date.
 */
export const proposeProviderLock = async (context: StepContext): Promise<void> => {
  const path = PROVIDER_LOCK_PATH;
  const github = createGitHub(context);
  const { rest, owner, repo } = github;
  const file = join(context.repository, path);
  if (!existsSync(file))
    throw new StepError(`There is no ${path} to propose`, { hint: "Make it first", next: "npm run locks" });
  const content = readFileSync(file).toString("base64");
  const { data: repository } = await rest.repos.get({ owner, repo });
  const base = repository.default_branch;
  const committed = await fileOn(github, path, base);
  if (committed?.content === content) {
    context.log.write(`${base} has these checksums already\n`);
    return;
  }

  const { data: head } = await rest.git.getRef({ owner, repo, ref: `heads/${base}` });
  const { sha } = head.object;
  const old = await orUndefined(rest.git.getRef({ owner, repo, ref: `heads/${BRANCH}` }));
  await (old === undefined
    ? rest.git.createRef({ owner, repo, ref: `refs/heads/${BRANCH}`, sha })
    : rest.git.updateRef({ owner, repo, ref: `heads/${BRANCH}`, sha, force: true }));
  const title = `build(stacks): lock the AWS provider ${PROVIDER_VERSION}`;
  await rest.repos.createOrUpdateFileContents({
    owner,
    repo,
    path,
    branch: BRANCH,
    message: title,
    content,
    ...(committed && { sha: committed.sha }),
  });
  const { data: open } = await rest.pulls.list({ owner, repo, head: `${owner}:${BRANCH}`, state: "open" });
  const [own] = open;
  const { html_url } =
    own ?? (await rest.pulls.create({ owner, repo, base, head: BRANCH, title, body: body(context) })).data;
  context.log.write(`${own === undefined ? "Opened" : "Updated"} ${html_url}\n`);
};

const body = (context: StepContext): string =>
  `Checksums of the provider's packages, as [this run](${runUrl(context)}) downloaded them from its registry.\n\n` +
  "GitHub starts no workflow for a pull request that a workflow opened: close it and open it again for the quality gates.";

/** Undefined when there is none. */
const fileOn = async (
  { rest, owner, repo }: GitHub,
  path: string,
  ref: string,
): Promise<{ readonly content: string; readonly sha: string } | undefined> => {
  const found = await orUndefined(rest.repos.getContent({ owner, repo, path, ref }));
  if (found === undefined || Array.isArray(found.data) || found.data.type !== "file") return undefined;
  return { content: found.data.content.replaceAll("\n", ""), sha: found.data.sha };
};
