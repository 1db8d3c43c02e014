import type { Origin } from "../../ops/aws/lambda/release-record.ts";
import { askProgram } from "../ask-program.ts";
import { StepError } from "../errors.ts";
import { compareCommits } from "../github/compare-commits.ts";
import { createGitHub } from "../github/client.ts";
import { requireVariable, type StepContext, summarize } from "../step-context.ts";
import { textInMarkdown } from "../markdown.ts";
import { originInMarkdown } from "./origin-in-markdown.ts";
import { readRelease } from "./read-release.ts";
import { releaseFiles } from "./release-files.ts";

export interface OriginRules {
  /** Where it is promoted to. */
  readonly environment: string;
  /** Someone takes responsibility for a build that no rule would let through. */
  readonly unverifiedAllowed: boolean;
}

/**
 * Checks, before a promotion, that the release was built by our workflow from a commit of main, and that it has passed the
 * quality gates: by what was written down with the version, by the branch as it is now, and by the build's attestation.
 * @throws {StepError} when one of these does not hold, and nobody takes responsibility.
 */
export const verifyOrigin = async (context: StepContext, rules: OriginRules): Promise<void> => {
  const { provenance } = await readRelease(context);
  const { origin } = provenance;
  const objection = objectTo(origin, rules.environment);
  if (objection !== undefined) {
    if (!rules.unverifiedAllowed)
      throw new StepError(`Not for ${rules.environment}: ${objection}`, {
        hint: "The workflow's input allow_unverified lets it through, and is recorded",
      });
    summarize(
      context,
      `> [!WARNING]\n> Let through by ${textInMarkdown(requireVariable(context, "GITHUB_ACTOR"))} (allow_unverified): ${textInMarkdown(objection)}.`,
    );
  }
  if (origin.kind === "machine") return;
  await requireOnMain(context, origin.commit);
  await verifyAttestation(context, provenance.repository, origin.commit);
  summarize(context, `Attested: ${originInMarkdown(origin)}, by ${BUILDER} on ${BRANCH}`);
};

/** The branch that releases come from, and the workflow that builds them. */
const BRANCH = "main";
const BUILDER = ".github/workflows/deploy-dev.yml";

const objectTo = (origin: Origin, environment: string): string | undefined => {
  if (origin.kind === "machine")
    return "it was built on a machine, or nobody has written down where it comes from";
  if (environment === "prod" && origin.gatesSkippedBy !== undefined)
    return `${origin.gatesSkippedBy} deployed it to DEV without the quality gates`;
  return undefined;
};

const requireOnMain = async (context: StepContext, commit: string): Promise<void> => {
  const relation = await compareCommits(createGitHub(context), commit, BRANCH);
  if (relation !== "same" && relation !== "older")
    throw new StepError(`Commit ${commit}, which the release was built from, is not on ${BRANCH}`, {
      hint: `Merge it to ${BRANCH}, or promote a release that was built there`,
    });
};

/** @see https://cli.github.com/manual/gh_attestation_verify */
const verifyAttestation = async (context: StepContext, repository: string, commit: string): Promise<void> => {
  const { zip } = releaseFiles(context.repository);
  const args = [
    ...["attestation", "verify", zip, "--repo", repository],
    ...["--signer-workflow", `${repository}/${BUILDER}`],
    ...["--source-ref", `refs/heads/${BRANCH}`, "--source-digest", commit, "--deny-self-hosted-runners"],
  ];
  try {
    await askProgram(context, "gh", args, { GH_TOKEN: requireVariable(context, "GITHUB_TOKEN") });
  } catch (error) {
    throw new StepError(`GitHub does not attest that ${BUILDER} built this zip from commit ${commit}`, {
      hint: "Promote a release that this workflow built",
      cause: error,
    });
  }
};
