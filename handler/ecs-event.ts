import type { EcsEventMessage } from "./ecs-event-message.ts";
import { InvalidEventError } from "./errors.ts";
import { toWholeSeconds } from "./event-time.ts";
import type { Tag } from "./tenant-tags.ts";
import { validateEcsEvent } from "./validators.ts";
import { listViolations } from "./violations.ts";

/** What the handler reads from an ECS event. */
export interface EcsEvent {
  readonly id: string;
  /** When it happened: UTC, whole seconds. */
  readonly at: string;
  /** As ECS sent it, perhaps not a canonical one. */
  readonly eventName: string;
  readonly reason: string | undefined;
  readonly deploymentId: string | undefined;
  /** Who sent it, where that was not ECS: `reconciler`, or `operator jo`. */
  readonly source: string | undefined;
  /** Absent from test events that carry their tags inline. */
  readonly serviceArn: string | undefined;
  /** The clusters that the event names: in `detail.clusterArn`, in the service ARN, in both or nowhere. */
  readonly clusterArns: readonly string[];
  /** Tags sent along; real events have none (as of 2026). */
  readonly tags: readonly Tag[] | undefined;
}

/**
 * Checks the input against ecs-event.schema.json.
 * @throws {InvalidEventError} listing every violation.
 */
export const parseEcsEvent = (input: unknown): EcsEvent => {
  if (!isValid(input)) throw new InvalidEventError(listViolations(validateEcsEvent.errors, "the event"));

  const { eventName, clusterArn, deploymentId, reason, source, tags } = input.detail;
  const serviceArn = input.resources.find((arn) => SERVICE_ARN.test(arn));
  const arnClusterArn = serviceArn === undefined ? undefined : clusterOfService(serviceArn);
  return {
    id: input.id,
    at: toWholeSeconds(input.time),
    eventName,
    reason,
    deploymentId,
    source,
    serviceArn,
    clusterArns: [clusterArn, arnClusterArn].filter((arn) => arn !== undefined),
    tags,
  };
};

/** The clocks of ECS and Lambda may differ by a little. */
const MAX_AHEAD_MS = 5 * 60 * 1000;

/**
 * Returns the event. One that is said to happen in the future would outdo all that really happens until then.
 * @throws {InvalidEventError} when it is more than five minutes ahead of the clock.
 */
export const refuseFuture = (event: EcsEvent, now: Date): EcsEvent => {
  if (isFuture(event.at, now))
    throw new InvalidEventError([
      `/time is ${event.at}, more than 5 minutes ahead of the clock, which says ${now.toISOString()}`,
    ]);
  return event;
};

/** True of a time that is further ahead of the clock than clocks differ. */
export const isFuture = (at: string, now: Date): boolean => Date.parse(at) - now.getTime() > MAX_AHEAD_MS;

const isValid = (input: unknown): input is EcsEventMessage => validateEcsEvent(input);

const SERVICE_ARN = /^arn:[^:]+:ecs:[^:]+:[^:]+:service\//;

const LONG_SERVICE_ARN = /^(arn:[^:]+:ecs:[^:]+:[^:]+):service\/([^/]+)\/[^/]+$/;

/** The ARN of the cluster that a long service ARN names; the short ARNs of very old services name none. */
export const clusterOfService = (serviceArn: string): string | undefined =>
  LONG_SERVICE_ARN.test(serviceArn) ? serviceArn.replace(LONG_SERVICE_ARN, "$1:cluster/$2") : undefined;
