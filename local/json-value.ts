/** The own property of a JSON object; undefined of any other value. */
export const propertyOf = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null
    ? (Object.getOwnPropertyDescriptor(value, key)?.value as unknown)
    : undefined;

/** The own property of a JSON object where it is text. */
export const textAt = (value: unknown, key: string): string | undefined => {
  const text = propertyOf(value, key);
  return typeof text === "string" ? text : undefined;
};
