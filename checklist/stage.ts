import type { Check } from "./check.ts";
import type { Text } from "./display.ts";

/** Checks that belong together, in order. A stage may hold further stages. */
export interface Stage {
  /** Printed before its checks; checks of a stage without a title count to the stage around it. */
  readonly title?: string;
  /**
   * `all`: each check runs, whatever became of those before it. `until-failure`: each builds on those before it, so
   * that after one that failed or stayed inconclusive the rest does not run. A stage within counts as one check.
   */
  readonly runs: "all" | "until-failure";
  /** Why there is nothing to do in the whole stage, when there is not. Asked before each of its checks. */
  readonly skip?: () => Promise<string | undefined>;
  readonly checks: readonly (Check | Stage)[];
}

/** What a command does, and what it has to say besides. */
export interface Checklist extends Stage {
  /** Asked when all has run, and when it was interrupted; undefined when there is nothing to say. */
  readonly result?: () => Result | undefined;
}

export interface Result {
  /** For machines: goes into the object that `--json` prints, as `result`. */
  readonly data: object;
  /** For people: lines, perhaps a table, printed below the checklist. */
  readonly text: Text;
  /** The text tells all that was audited: on a terminal, nobody needs to read it twice. */
  readonly listsAudited?: true;
}

export const isStage = (one: Check | Stage): one is Stage => "checks" in one;

/** A check, and the title of the stage that it counts to. */
export interface ListedCheck {
  readonly stage: string | undefined;
  readonly check: Check;
}

/** All checks of a stage and of those within it, in the order in which they run. */
export const listChecks = (stage: Stage, titleAround?: string): readonly ListedCheck[] => {
  const title = stage.title ?? titleAround;
  return stage.checks.flatMap((one) =>
    isStage(one) ? listChecks(one, title) : [{ stage: title, check: one }],
  );
};
