import { declareGroup } from "../command.ts";
import { dlqCount } from "./dlq-count.ts";
import { dlqDiscard } from "./dlq-discard.ts";
import { dlqPeek } from "./dlq-peek.ts";
import { dlqReplay } from "./dlq-replay.ts";

export const dlq = declareGroup(
  {
    name: "dlq",
    summary: "count, show, replay and discard the events in the dead-letter queue",
    description: "Works on the dead-letter queue: events that could not be delivered or processed.",
  },
  [dlqCount, dlqPeek, dlqReplay, dlqDiscard],
);
