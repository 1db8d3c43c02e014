import type { ECSClient } from "@aws-sdk/client-ecs";
import { toWholeSeconds } from "../handler/event-time.ts";
import { ObstacleError } from "../checklist/errors.ts";

/** Tells a moment that is certainly past for ECS: UTC, whole seconds. */
export type ServerTime = () => string;

/**
 * Listens to what time it is at ECS, by the Date header of its answers: the clock of an operator's machine may be
 * minutes ahead, and an observation stamped by it would win over events that happened after it.
 *
 * The second before the last answer's is told, as events have whole seconds too: whatever happens after that answer is
 * newer than it.
 * @returns the time; it throws {@link ObstacleError} as long as no answer has said it.
 */
export const listenToServerTime = (ecs: ECSClient): ServerTime => {
  let lastMs = Number.NEGATIVE_INFINITY;
  ecs.middlewareStack.add(
    (next) => async (args) => {
      const output = await next(args);
      const ms = Date.parse(dateHeaderOf(output.response) ?? "");
      if (ms > lastMs) lastMs = ms;
      return output;
    },
    { step: "deserialize", name: "listenToServerTime", override: true },
  );
  return () => {
    if (lastMs === Number.NEGATIVE_INFINITY)
      throw new ObstacleError("ECS did not say what time it is: its answers have no Date header");
    return toWholeSeconds(new Date(lastMs - 1000).toISOString());
  };
};

/** The Date header of an answer, as the SDK has it; undefined without one. */
export const dateHeaderOf = (response: unknown): string | undefined => {
  if (typeof response !== "object" || response === null || !("headers" in response)) return undefined;
  const { headers } = response;
  const date: unknown =
    typeof headers === "object" && headers !== null && "date" in headers ? headers.date : undefined;
  return typeof date === "string" ? date : undefined;
};
