/** The value that a text is the JSON of; undefined when it is none. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
};

/** The properties of a value that should be an object: none when it is something else. */
export const propertiesOf = (value: unknown): Readonly<Partial<Record<string, unknown>>> =>
  typeof value === "object" && value !== null ? { ...value } : {};
