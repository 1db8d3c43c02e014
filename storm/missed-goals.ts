import type { Outcome } from "./outcome.ts";
import type { Goals } from "./scenario.ts";

/** Names each goal that an outcome misses. */
export const missedGoals = (goals: Goals, outcome: Outcome): string[] => {
  const limits = [
    ["dead letters", goals.deadLetters, outcome.deadLetters],
    ["handler errors", goals.handlerErrors, outcome.handlerErrors],
    ["ms of lag at p99", goals.p99LagMs, outcome.p99LagMs],
    [
      "ECS requests of one container in the 30 s from a refusal on",
      goals.ecsRequestsOnceRefused,
      outcome.ecsRequestsOnceRefused,
    ],
  ] as const;
  return limits.flatMap(([what, goal, measured]) => {
    if (goal === undefined) return [];
    const [least, most] = typeof goal === "number" ? [0, goal] : goal;
    if (measured >= least && measured <= most) return [];
    return [`${measured} ${what}; the goal is ${least === 0 ? "" : `${least} to `}${most}`];
  });
};
