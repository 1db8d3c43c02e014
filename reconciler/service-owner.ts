/** Whose a service is, as ECS said. */
export interface ServiceOwner {
  readonly serviceArn: string;
  readonly tenantId: string;
  /** A moment before ECS said so: UTC, whole seconds. */
  readonly at: string;
}
