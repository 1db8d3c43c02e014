import type { Environment } from "../envs/environment.ts";

/** What the schedule hands to the reconciler (reconciler/input.ts). */
export const SCHEDULED_INPUT = { version: 1, kind: "scheduled" } as const;

/** `rate(15 minutes)` */
export const scheduleExpression = ({ reconciler: { everyMinutes } }: Environment): string =>
  `rate(${everyMinutes} minutes)`;
