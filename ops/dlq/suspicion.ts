import type { EcsEvent } from "../../handler/ecs-event.ts";
import type { ParkedBy } from "./unwrap.ts";

/**
 * Why a letter is not simply sent again. Anyone who may send to the queue could have forged it, and a replay would write the
 * status of the tenant that it names. A letter that EventBridge or Lambda parked and that names no tenant is an event of ECS.
 * @returns undefined when nothing speaks against it.
 */
export const suspicionOf = (
  parkedBy: ParkedBy,
  { tags, source }: Pick<EcsEvent, "tags" | "source">,
): string | undefined =>
  [
    ...(parkedBy === "someone" ? ["neither EventBridge nor Lambda parked it"] : []),
    ...(tags === undefined ? [] : ["it names its tenant itself, which ECS's events do not"]),
    // The row and the log would say it, and it need not be true.
    ...(source === undefined ? [] : ["it names who sent it, which ECS's events do not"]),
  ].join("; ") || undefined;
