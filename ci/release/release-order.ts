import { loadEnvironment } from "../../envs/load.ts";
import { resourceNames } from "../../envs/resource-names.ts";
import { findLiveAlias } from "../../ops/aws/lambda/alias.ts";
import { recordOf } from "../../ops/aws/lambda/live-period.ts";
import { compareCommits } from "../github/compare-commits.ts";
import { createGitHub } from "../github/client.ts";
import { setOutput, type StepContext, summarize } from "../step-context.ts";
import { readRelease } from "./read-release.ts";

/**
 * Says, as the output `turn`, whether the release may go to an environment: `mine`, or `passed` when a newer commit is live
 * there already, as after an older push that was held up, or when an old run is run once more.
 */
export const findTurn = async (context: StepContext, environmentName: string): Promise<void> => {
  const { origin } = (await readRelease(context)).provenance;
  const live = await findLiveCommit(context, environmentName);
  const turn = (value: "mine" | "passed", why: string): void => {
    setOutput(context, "turn", value);
    summarize(context, value === "mine" ? why : `> [!IMPORTANT]\n> Steps aside, nothing was changed: ${why}`);
  };
  if (live === undefined || origin.kind === "machine") {
    turn("mine", `No commit to compare is known of what **${environmentName}** runs and what comes.`);
    return;
  }
  const relation = await compareCommits(createGitHub(context), origin.commit, live);
  const which = `${origin.commit} (comes) and ${live} (live in **${environmentName}**)`;
  switch (relation) {
    case "same":
      turn("mine", `${origin.commit} is live in **${environmentName}** already.`);
      return;
    case "newer":
      turn("mine", `${origin.commit} follows ${live}, which is live in **${environmentName}**.`);
      return;
    case "older":
      turn(
        "passed",
        `**${environmentName}** runs ${live}, which is newer than ${origin.commit}. To go back, use the workflow Roll back.`,
      );
      return;
    case "diverged":
      turn("mine", `Neither of ${which} follows the other.`);
      return;
    case "unknown":
      turn("mine", `GitHub does not know one of ${which}.`);
  }
};

/** Undefined when nothing is live, or nobody has said what it was built from. */
const findLiveCommit = async (context: StepContext, environmentName: string): Promise<string | undefined> => {
  const environment = loadEnvironment(environmentName);
  const lambdaContext = {
    aws: context.createAws(environment.region),
    names: resourceNames(environment),
    environment,
    signal: context.signal,
  };
  // The first deployment has yet to make the alias.
  const alias = await findLiveAlias(lambdaContext);
  const origin = alias && recordOf(alias)?.origin;
  return origin?.kind === "workflow" ? origin.commit : undefined;
};
