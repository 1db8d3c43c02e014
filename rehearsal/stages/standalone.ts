import type { Stage } from "../../checklist/stage.ts";
import type { Place, RehearsalContext } from "../context.ts";
import { loss } from "./loss.ts";
import { madeByHand } from "./made-by-hand.ts";
import { rolesOfWorkflows } from "./roles-of-workflows.ts";
import { onCall } from "./on-call.ts";
import { takeover } from "./takeover.ts";

/** A stage that needs nothing of others: it has an account, and can be rehearsed alone. */
interface StandaloneStage {
  /** After `--only`, and its environment's: in lower case, without hyphens. */
  readonly name: StandaloneName;
  /** 12 digits that no environment and no other stage has. */
  readonly accountId: string;
  /** @param place an environment like dev in that account, in which there is nothing yet. */
  readonly stage: (context: RehearsalContext, place: Place) => Stage;
}

export const STANDALONE_NAMES = ["takeover", "byhand", "access", "loss", "oncall"] as const;
export type StandaloneName = (typeof STANDALONE_NAMES)[number];

/** In the order in which a whole rehearsal runs them, after the life of the three environments. */
export const STANDALONE_STAGES: readonly StandaloneStage[] = [
  { name: "takeover", accountId: "200000000001", stage: takeover },
  { name: "byhand", accountId: "200000000004", stage: madeByHand },
  { name: "access", accountId: "200000000003", stage: rolesOfWorkflows },
  { name: "loss", accountId: "200000000009", stage: loss },
  { name: "oncall", accountId: "200000000002", stage: onCall },
];
