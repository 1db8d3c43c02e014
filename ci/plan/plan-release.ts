import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describeProviderLock } from "../../stacks/terraform/provider-lock.ts";
import type { ApprovedPlan } from "../../ops/terraform/approved-plan.ts";
import { commitsInMarkdown } from "../github/commits-between.ts";
import { releaseFiles } from "../release/release-files.ts";
import { type StepContext, summarize } from "../step-context.ts";
import { makePlan } from "./make-plan.ts";
import { planInMarkdown } from "./plan-in-markdown.ts";

/**
 * Plans an environment with the zip that is to be promoted, for those who approve it: into the run's summary, after the
 * commits that it would bring. Keeps what they saw for the deployment, which applies no other plan.
 * @param commit what the zip was built from; undefined when nobody knows.
 */
export const planRelease = async (
  context: StepContext,
  environment: string,
  commit: string | undefined,
): Promise<void> => {
  summarize(context, await commitsInMarkdown(context, environment, commit));
  const changes = await makePlan(context, environment, { handlerZip: releaseFiles(context.repository).zip });
  summarize(context, `${planInMarkdown(environment, changes)}\n\n<sub>${describeProviderLock()}</sub>`);
  const approved: ApprovedPlan = { environment, changes };
  const folder = join(context.repository, "dist", "approved-plan");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${environment}.json`), `${JSON.stringify(approved, null, 2)}\n`);
};
