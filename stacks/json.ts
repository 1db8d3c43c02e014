/** Reading Terraform's JSON, of which nothing is known for certain: what is not there, or not of the kind, is empty. */
export type Json = Readonly<Record<string, unknown>>;

export const asRecord = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};

export const asArray = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const asText = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

export const property = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce((parent, name) => asRecord(parent)[name], value);

/** A nested block: Terraform's JSON takes one block as an object or as a list of one. */
export const blocks = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.map(asRecord) : value === undefined ? [] : [asRecord(value)];
