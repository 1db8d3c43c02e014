import { marshall } from "@aws-sdk/util-dynamodb";
import type { Item } from "./item.ts";
import type { TenantTags } from "./tenant-tags.ts";

/** The item's key. */
export const SERVICE_ARN = "service_arn";

/** What the directory knows about a service. */
export interface KnownService {
  readonly tags: TenantTags;
  /** When ECS said so, in milliseconds since 1970. */
  readonly learnedAt: number;
}

/** What an item says: whose the service is; nothing; or something that must not be believed. */
export type DirectoryReading =
  | { readonly kind: "known"; readonly service: KnownService }
  /** There is no item, or it says that the service had no tenant. */
  | { readonly kind: "vacant" }
  | { readonly kind: "rejected"; readonly reason: string };

/** Clocks differ, but not by more than this. */
const MAX_CLOCK_SKEW_MS = 5 * 60 * 1000;
const LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;

/** Reads an item for a function of this environment. Pure and total: an item may hold anything. */
export const readItem = (item: Item | undefined, environment: string, now: number): DirectoryReading => {
  if (item === undefined) return { kind: "vacant" };
  // Stryker disable next-line StringLiteral: no text that is not a time is one
  const learnedAt = Date.parse(item["learned_at"]?.S ?? "");
  if (!(learnedAt <= now + MAX_CLOCK_SKEW_MS)) {
    return rejected(`learned_at is ${JSON.stringify(item["learned_at"])}, not a time in the past`);
  }
  if (item["tenant_id"] === undefined) return { kind: "vacant" };
  const tenantId = item["tenant_id"].S ?? "";
  if (tenantId.trim() === "") return rejected(`tenant_id is ${JSON.stringify(item["tenant_id"])}, not text`);
  if (item["environment"]?.S !== environment) {
    return rejected(`environment is ${JSON.stringify(item["environment"])}, not ${environment}`);
  }
  return { kind: "known", service: { tags: { tenantId, environment }, learnedAt } };
};

/**
 * The item for what ECS said at this time. Without a tenant it says that the service has none, in place of an item that
 * must not be believed any more. `expires_at`, in seconds since 1970, is when DynamoDB may delete it.
 */
export const writeItem = (serviceArn: string, { tenantId, environment }: TenantTags, now: number): Item =>
  marshall(
    {
      [SERVICE_ARN]: serviceArn,
      tenant_id: tenantId,
      environment,
      learned_at: new Date(now).toISOString(),
      expires_at: Math.ceil((now + LIFETIME_MS) / 1000),
    },
    { removeUndefinedValues: true },
  );

const rejected = (reason: string): DirectoryReading => ({ kind: "rejected", reason });
