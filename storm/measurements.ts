import type { EcsRequest } from "./ecs.ts";
import type { Fate } from "./lambda.ts";

/** What a storm came to. */
export interface StormMeasurements {
  readonly events: number;
  readonly deadLetters: number;
  readonly handlerErrors: number;
  readonly ecsRequests: number;
  readonly ecsRefused: number;
  /** The most ECS requests of one container in 30 s, counted from one that was refused, that one included. */
  readonly ecsRequestsOnceRefused: number;
  readonly dynamoDbRequestsPerEvent: number;
  /** From an event's arrival until it was handled, in milliseconds; of the events that were. */
  readonly p50LagMs: number;
  readonly p99LagMs: number;
  readonly containers: number;
}

export interface Observations {
  readonly fates: readonly Fate[];
  readonly ecs: readonly EcsRequest[];
  readonly dynamoDbRequests: number;
  readonly containers: number;
}

const REST_MS = 30_000;

export const measure = ({ fates, ecs, dynamoDbRequests, containers }: Observations): StormMeasurements => {
  const lags = fates.flatMap(({ lagMs }) => lagMs ?? []).sort((a, b) => a - b);
  const quantile = (share: number): number => Math.round(lags[Math.ceil(share * lags.length) - 1] ?? 0);
  return {
    events: fates.length,
    deadLetters: fates.filter(({ lagMs }) => lagMs === undefined).length,
    handlerErrors: fates.reduce((sum, { failedAttempts }) => sum + failedAttempts, 0),
    ecsRequests: ecs.length,
    ecsRefused: ecs.filter(({ refused }) => refused).length,
    ecsRequestsOnceRefused: mostOnceRefused(ecs),
    dynamoDbRequestsPerEvent: Math.round((100 * dynamoDbRequests) / fates.length) / 100,
    p50LagMs: quantile(0.5),
    p99LagMs: quantile(0.99),
    containers,
  };
};

const mostOnceRefused = (requests: readonly EcsRequest[]): number => {
  const byContainer = new Map<number, EcsRequest[]>();
  for (const request of requests) {
    byContainer.set(request.container, [...(byContainer.get(request.container) ?? []), request]);
  }
  let most = 0;
  for (const own of byContainer.values()) {
    own.forEach(({ at, refused }, index) => {
      if (!refused) return;
      const within = own.slice(index).filter((later) => later.at < at + REST_MS);
      most = Math.max(most, within.length);
    });
  }
  return most;
};
