/** A tenant's row that one container has for as long as one event takes: it need not ask for it. */
export interface LentRow {
  readonly tenantId: string;
  /** dynalite's own key of the row. */
  readonly key: string;
  /** In DynamoDB's JSON; undefined for a row that there is not. */
  readonly item: unknown;
}

/** What the container gives back. */
export interface ReturnedRow {
  /** The row, if it has changed. */
  readonly item: unknown;
  /** How many requests it has answered by itself. */
  readonly requests: number;
}
