/** A resource tag as ECS writes it. In an event its value may be anything. */
export interface Tag {
  readonly key?: unknown;
  readonly value?: unknown;
}

/** What a service's tags say of its tenant. */
export interface TenantTags {
  readonly tenantId?: string | undefined;
  readonly environment?: string | undefined;
}

/** Reads `bbws:tenant-id` and `bbws:environment`. A value that is empty or no string counts as absent. */
export const readTenantTags = (tags: readonly Tag[]): TenantTags => ({
  tenantId: valueOf(tags, "bbws:tenant-id"),
  environment: valueOf(tags, "bbws:environment"),
});

const valueOf = (tags: readonly Tag[], key: string): string | undefined => {
  const value = tags.find((tag) => tag.key === key)?.value;
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
};
