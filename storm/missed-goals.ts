import type { StormMeasurements } from "./measurements.ts";
import type { Goals } from "./scenario.ts";

/** Names each goal that measurements miss. */
export const missedGoals = (goals: Goals, measured: StormMeasurements): string[] => {
  const limits = [
    ["dead letters", goals.deadLetters, measured.deadLetters],
    ["handler errors", goals.handlerErrors, measured.handlerErrors],
    ["ms of lag at p99", goals.p99LagMs, measured.p99LagMs],
    [
      "ECS requests of one container in the 30 s from a refusal on",
      goals.ecsRequestsOnceRefused,
      measured.ecsRequestsOnceRefused,
    ],
  ] as const;
  return limits.flatMap(([what, goal, measured]) => {
    if (goal === undefined) return [];
    const [least, most] = typeof goal === "number" ? [0, goal] : goal;
    if (measured >= least && measured <= most) return [];
    return [`${measured} ${what}; the goal is ${least === 0 ? "" : `${least} to `}${most}`];
  });
};
