import type { ECSClient, ListTagsForResourceCommand } from "@aws-sdk/client-ecs";
import { TagLookupError } from "./errors.ts";
import { readTenantTags, type TenantTags } from "./tenant-tags.ts";

/** How persistently ECS is asked. */
export type Persistence = "once" | "with_retries";

/**
 * Asks ECS for the tenant of a service; undefined when ECS does not know the service (any more).
 * @throws {TagLookupError} when ECS cannot answer: throttled, failing, denied.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTagsForResource.html
 */
export type ServiceTags = (serviceArn: string, persistence: Persistence) => Promise<TenantTags | undefined>;

/** What is loaded when ECS is asked for the first time: most containers find all their services in the directory. */
export interface EcsModule {
  readonly createEcsClient: (maxAttempts: number) => ECSClient;
  readonly ListTagsForResourceCommand: typeof ListTagsForResourceCommand;
}

/** Retries included, so that a look-up together with the write after it stays well inside the function's timeout. */
const TIMEOUT_MS: Readonly<Record<Persistence, number>> = { once: 1500, with_retries: 8000 };
const MAX_ATTEMPTS: Readonly<Record<Persistence, number>> = { once: 1, with_retries: 4 };

export const createServiceTags = (load: () => Promise<EcsModule>): ServiceTags => {
  const clients = new Map<Persistence, ECSClient>();
  return async (serviceArn, persistence) => {
    try {
      const { createEcsClient, ListTagsForResourceCommand } = await load();
      const client = clients.get(persistence) ?? createEcsClient(MAX_ATTEMPTS[persistence]);
      clients.set(persistence, client);
      // Stryker disable next-line ArrayDeclaration: what is no tag is not read as one
      const { tags = [] } = await client.send(new ListTagsForResourceCommand({ resourceArn: serviceArn }), {
        abortSignal: AbortSignal.timeout(TIMEOUT_MS[persistence]),
      });
      return readTenantTags(tags);
    } catch (error) {
      if (saysServiceIsGone(error)) return undefined;
      throw new TagLookupError(serviceArn, error);
    }
  };
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
    // Stryker disable next-line ConditionalExpression: without it the answer is undefined, and counts as false
    default:
      return false;
  }
};
