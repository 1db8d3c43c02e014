import type { Scheduler } from "./clock.ts";
import { refusal, type Service } from "./service.ts";

/** What ECS allows of ListTagsForResource, for a whole account. */
export interface EcsLimits {
  readonly perSecond: number;
  readonly burst: number;
}

export interface EcsOptions extends EcsLimits {
  readonly clock: Scheduler;
  readonly latencyMs: () => number;
  readonly isAway: () => boolean;
}

/** A request that ECS had. */
export interface EcsRequest {
  readonly at: number;
  readonly container: number;
  readonly refused: boolean;
}

/**
 * An ECS that knows every service named `tenant-…`, allows what a token bucket allows, and while it is away accepts
 * requests without ever answering them.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 */
export const createEcs = ({
  clock,
  perSecond,
  burst,
  latencyMs,
  isAway,
}: EcsOptions): { service: Service; requests: readonly EcsRequest[] } => {
  const requests: EcsRequest[] = [];
  let tokens = burst;
  let filledAt = clock.now();
  const take = (): boolean => {
    const now = clock.now();
    tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * perSecond);
    filledAt = now;
    if (tokens < 1) return false;
    tokens--;
    return true;
  };
  const service: Service = ({ target, body, container }) => {
    if (target !== "AmazonEC2ContainerServiceV20141113.ListTagsForResource") {
      return refusal(0, "UnknownOperationException", `Only ListTagsForResource is known here, not ${target}`);
    }
    const away = isAway();
    const refused = away || !take();
    requests.push({ at: clock.now(), container, refused });
    if (away) return "silence";
    if (refused) return refusal(latencyMs(), "ThrottlingException", "Rate exceeded");
    const tenantId = /\/(tenant-\d+)$/.exec(String(body["resourceArn"]))?.[1];
    if (tenantId === undefined) {
      return refusal(latencyMs(), "InvalidParameterException", "The specified service was not found.");
    }
    const tags = [
      { key: "bbws:tenant-id", value: tenantId },
      { key: "bbws:environment", value: "dev" },
    ];
    return { afterMs: latencyMs(), status: 200, body: { tags } };
  };
  return { service, requests };
};
