import type { EcsLimits } from "./ecs.ts";

/** A span of the storm, in milliseconds from its start. */
export type Span = readonly [from: number, to: number];

export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** Services with one event each, spread evenly over so many milliseconds. */
  readonly services: number;
  readonly withinMs: number;
  /** Whether rows and directory know the services from before, or only their rows are there. */
  readonly known: boolean;
  /** Whether the function has the directory at all. */
  readonly directory: boolean;
  readonly ecs: EcsLimits;
  readonly ecsAway?: Span;
  /** When half of the writes to the tenants' table are throttled. */
  readonly writesThrottled?: Span;
  readonly retryAfterMs: readonly number[];
  /** The SDK's first wait after a refusal, at most, where it is not to be this SDK's own. */
  readonly throttlingDelayMs?: number;
  readonly goals: Goals;
}

/** Upper limits; a range for the figures of a model that is checked against another. */
export interface Goals {
  readonly deadLetters?: number | readonly [atLeast: number, atMost: number];
  readonly handlerErrors?: number | readonly [atLeast: number, atMost: number];
  readonly p99LagMs?: number;
  /** ECS requests of one container in 30 s, counted from one that was refused, that one included. */
  readonly ecsRequestsOnceRefused?: number;
}

/** ListTagsForResource of an account. */
const ECS: EcsLimits = { perSecond: 20, burst: 50 };
/** Lambda's, for asynchronous invocations. */
const RETRY_AFTER_MS = [60_000, 120_000];
const SECOND = 1000;

const storm = (
  scenario: Omit<Scenario, "ecs" | "retryAfterMs" | "directory"> & { readonly directory?: boolean },
): Scenario => ({ directory: true, ecs: ECS, retryAfterMs: RETRY_AFTER_MS, ...scenario });

const withoutDirectory = (id: string, services: number, withinMs: number, goals: Goals): Scenario =>
  storm({
    id,
    title: `without the directory: ${services.toLocaleString("en")} services within ${withinMs / SECOND} s`,
    services,
    withinMs,
    known: false,
    directory: false,
    throttlingDelayMs: 500,
    goals,
  });

const CALM: Goals = { deadLetters: 0, handlerErrors: 0, p99LagMs: 3 * SECOND, ecsRequestsOnceRefused: 1 };

/** What may befall a platform, and what is to come of it. */
export const SCENARIOS: readonly Scenario[] = [
  storm({
    id: "a",
    title: "5,000 known services within 10 s",
    services: 5000,
    withinMs: 10 * SECOND,
    known: true,
    goals: CALM,
  }),
  storm({
    id: "b",
    title: "1,000 known services within 10 s, ECS away for 5 min",
    services: 1000,
    withinMs: 10 * SECOND,
    known: true,
    ecsAway: [0, 300 * SECOND],
    goals: CALM,
  }),
  storm({
    id: "c",
    title: "500 new services within 60 s",
    services: 500,
    withinMs: 60 * SECOND,
    known: false,
    goals: { deadLetters: 0 },
  }),
  storm({
    id: "d",
    title: "as a, half of the tenant table's writes throttled for 20 s",
    services: 5000,
    withinMs: 10 * SECOND,
    known: true,
    writesThrottled: [0, 20 * SECOND],
    goals: { deadLetters: 0 },
  }),
];

/**
 * The same storm without the directory, for which figures exist from another model of it: 161 dead letters; 1,210 and
 * 7,392 handler errors; none. That model waited as the SDK did by default before November 2026, up to 500 ms when it is
 * first throttled, and so do these; since @smithy/core 3.40.0 it is up to 1,000 ms.
 * @see https://aws.amazon.com/blogs/developer/updated-default-retry-behavior-for-aws-sdks-and-tools/
 */
export const WITHOUT_DIRECTORY: readonly Scenario[] = [
  withoutDirectory("w1", 1000, 10 * SECOND, { deadLetters: [120, 200] }),
  withoutDirectory("w2", 5000, 60 * SECOND, { deadLetters: [900, 1500], handlerErrors: [5500, 9200] }),
  withoutDirectory("w3", 1000, 60 * SECOND, { deadLetters: 0 }),
];

/** Small enough to be played in real time as well. */
export const REHEARSAL: Scenario = {
  id: "r",
  title: "20 services within 10 s, an ECS that allows one look-up in two seconds (burst 4), no directory",
  services: 20,
  withinMs: 10 * SECOND,
  known: false,
  directory: false,
  ecs: { perSecond: 0.5, burst: 4 },
  retryAfterMs: [10 * SECOND, 20 * SECOND],
  goals: {},
};
