import { type ECSClient, ListTagsForResourceCommand } from "@aws-sdk/client-ecs";
import { TagLookupError } from "./errors.ts";
import { readTenantTags, type TenantTags } from "./tenant-tags.ts";

/** Asks ECS for the tenant of a service; undefined when ECS does not know the service (any more). */
export type TenantLookup = (serviceArn: string) => Promise<TenantTags | undefined>;

export interface TenantLookupDependencies {
  readonly ecs: ECSClient;
  /** Milliseconds of a clock that only needs to go forward. */
  readonly now: () => number;
  readonly maxEntries?: number;
}

/** A service's tags hardly ever change; five minutes is how long a change may go unnoticed. */
const TTL_MS = 5 * 60 * 1000;
/** Retries included, so that a look-up together with the write after it stays well inside the function's timeout. */
const TIMEOUT_MS = 8000;

/**
 * Looks tenants up in ECS, which allows 20 ListTagsForResource a second, and remembers them while the container is
 * warm: concurrent look-ups of one service share one request. Only services that have a tenant are remembered, so
 * that a tag added to a service counts from its next event on.
 *
 * The look-up throws TagLookupError when ECS cannot answer: throttled, failing, denied.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTagsForResource.html
 */
export const createTenantLookup = ({
  ecs,
  now,
  maxEntries = 1000,
}: TenantLookupDependencies): TenantLookup => {
  const known = new Map<string, { readonly tags: TenantTags; readonly expiresAt: number }>();
  const underWay = new Map<string, Promise<TenantTags | undefined>>();

  const ask = async (serviceArn: string): Promise<TenantTags | undefined> => {
    try {
      const tags = await requestTags(ecs, serviceArn);
      if (tags?.tenantId !== undefined) {
        // Re-inserted, the entry is the youngest; the map's first is then the oldest.
        known.delete(serviceArn);
        known.set(serviceArn, { tags, expiresAt: now() + TTL_MS });
        const [oldest] = known.keys();
        if (known.size > maxEntries && oldest !== undefined) known.delete(oldest);
      }
      return tags;
    } finally {
      underWay.delete(serviceArn);
    }
  };

  return (serviceArn) => {
    const entry = known.get(serviceArn);
    if (entry !== undefined && now() < entry.expiresAt) return Promise.resolve(entry.tags);
    const request = underWay.get(serviceArn) ?? ask(serviceArn);
    underWay.set(serviceArn, request);
    return request;
  };
};

const requestTags = async (ecs: ECSClient, serviceArn: string): Promise<TenantTags | undefined> => {
  try {
    const { tags = [] } = await ecs.send(new ListTagsForResourceCommand({ resourceArn: serviceArn }), {
      abortSignal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return readTenantTags(tags);
  } catch (error) {
    if (saysServiceIsGone(error)) return undefined;
    throw new TagLookupError(serviceArn, error);
  }
};

/** ECS tells of a service that is gone by several exceptions, one of which also stands for other mistakes. */
const saysServiceIsGone = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  switch (error.name) {
    case "ClusterNotFoundException":
    case "ServiceNotFoundException":
    case "ServiceNotActiveException":
    case "ResourceNotFoundException":
      return true;
    case "InvalidParameterException":
    case "ClientException":
      return /not found|not active|inactive|does not exist|missing/i.test(error.message);
    default:
      return false;
  }
};
