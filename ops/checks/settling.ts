import type { Check } from "../../checklist/check.ts";
import type { Context } from "../context.ts";

/** How long IAM is given to show what has just been changed. */
const SETTLES_WITHIN_MS = 30_000;
const AGAIN_AFTER_MS = 5_000;

/**
 * Checks of what has just been changed in IAM, which may show it some seconds later: one that fails runs again for as long as that may
 * be the reason. The time counts for all of them together.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 */
export const settling = (
  { clock, signal }: Pick<Context, "clock" | "signal">,
  checks: readonly Check[],
): readonly Check[] => {
  let end: number | undefined;
  return checks.map((check) => ({
    ...check,
    run: async (progress) => {
      end ??= clock.now().getTime() + SETTLES_WITHIN_MS;
      for (let times = 1; ; times++) {
        const finding = await check.run(progress);
        if (finding.outcome !== "fail" || clock.now().getTime() >= end) return finding;
        progress({ done: times, total: undefined, text: "IAM may show it some seconds later" });
        await clock.wait(AGAIN_AFTER_MS, signal);
      }
    },
  }));
};
