import { Command } from "@commander-js/extra-typings";
import type { Run } from "../cli/command.ts";
import { dlqCountCommand } from "./dlq-count.ts";
import { dlqPeekCommand } from "./dlq-peek.ts";
import { dlqReplayCommand } from "./dlq-replay.ts";

export const dlqCommand = (run: Run) =>
  new Command("dlq")
    .summary("count, look at and replay the events in the dead-letter queue")
    .description("What is in the dead-letter queue: events that could not be delivered or processed.")
    .addCommand(dlqCountCommand(run))
    .addCommand(dlqPeekCommand(run))
    .addCommand(dlqReplayCommand(run));
