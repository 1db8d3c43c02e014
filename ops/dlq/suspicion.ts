import type { ParkedBy } from "./unwrap.ts";

/**
 * Why a letter is not simply sent again. Whoever may send to the queue could have made it up: a replay would write the status of
 * whatever tenant it names. What EventBridge or Lambda parked, and names no tenant itself, is ECS's own event.
 * @returns undefined when nothing speaks against it.
 */
export const suspicionOf = (parkedBy: ParkedBy, hasInlineTags: boolean): string | undefined =>
  [
    ...(parkedBy === "someone" ? ["neither EventBridge nor Lambda parked it"] : []),
    ...(hasInlineTags ? ["it names its tenant itself, which ECS's events do not"] : []),
  ].join("; ") || undefined;
