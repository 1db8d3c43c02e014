/** An environment variable of the function is missing or wrong. Thrown while the function initialises. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";

  constructor(readonly problems: readonly string[]) {
    super(`The function's environment variables are wrong: ${problems.join("; ")}`);
  }
}

/** The input is no ECS event that this handler understands. Retrying cannot help; the event belongs in the dead-letter queue. */
export class InvalidEventError extends Error {
  override readonly name = "InvalidEventError";

  constructor(readonly violations: readonly string[]) {
    super(`Not a valid ECS event: ${violations.join("; ")}`);
  }
}

/** ECS could not be asked for a service's tags. Retrying may help. */
export class TagLookupError extends Error {
  override readonly name = "TagLookupError";

  constructor(
    readonly serviceArn: string,
    cause: unknown,
  ) {
    super(`Failed to look up the tags of ${serviceArn}: ${describe(cause)}`, { cause });
  }
}

/** DynamoDB could not be read or written. Retrying may help. */
export class TenantStoreError extends Error {
  override readonly name = "TenantStoreError";

  constructor(
    readonly tenantId: string,
    cause: unknown,
  ) {
    super(`Failed to update tenant state of ${tenantId}: ${describe(cause)}`, { cause });
  }
}

/** A tenant's row holds something that this handler cannot have written. The row is left untouched. */
export class MalformedRowError extends Error {
  override readonly name = "MalformedRowError";

  constructor(
    readonly tenantId: string,
    readonly violations: readonly string[],
  ) {
    super(
      `Failed to update tenant state of ${tenantId}: its row is malformed and was left untouched: ` +
        `${violations.join("; ")}. Repair the attribute or remove it, then replay the event`,
    );
  }
}

/** An error in one line. */
export const describe = (cause: unknown): string =>
  cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
