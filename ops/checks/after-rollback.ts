import type { Stage } from "../../checklist/stage.ts";
import type { Context } from "../context.ts";
import { aliasIsAtOneVersion, functionIsActive, onFailureDestination } from "./function-checks.ts";
import { checksOfEachRule, exactlyTheRules } from "./rule-checks.ts";
import { testInvocation } from "./test-invocation.ts";

/**
 * What a rollback depends on: with one of these it fails, and the operator takes it for not done. A check belongs here
 * when it says whether the version that is live now gets events and answers them. What has been in the last hour does
 * not: it is why the rollback was made. Checks of `verify` do not get here by themselves.
 */
export const afterRollback = (context: Context): Stage => ({
  title: "verify",
  runs: "all",
  checks: [
    functionIsActive(context),
    aliasIsAtOneVersion(context),
    onFailureDestination(context),
    // Others besides do not keep the live version from its events; those of an old version are there in a takeover.
    exactlyTheRules(context, true),
    ...checksOfEachRule(context),
    ...testInvocation(context),
  ],
});
