import type { ParkedBy } from "./unwrap.ts";

/**
 * Why a letter is not simply sent again. Anyone who may send to the queue could have forged it, and a replay would write the
 * status of the tenant that it names. A letter that EventBridge or Lambda parked and that names no tenant is an event of ECS.
 * @returns undefined when nothing speaks against it.
 */
export const suspicionOf = (parkedBy: ParkedBy, hasInlineTags: boolean): string | undefined =>
  [
    ...(parkedBy === "someone" ? ["neither EventBridge nor Lambda parked it"] : []),
    ...(hasInlineTags ? ["it names its tenant itself, which ECS's events do not"] : []),
  ].join("; ") || undefined;
