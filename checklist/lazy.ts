/** A value that is looked up once, when a check first asks for it; a failed look-up fails every check that asks. */
export const lazy = <T>(lookUp: () => Promise<T>): (() => Promise<T>) => {
  let value: Promise<T> | undefined;
  return () => (value ??= lookUp());
};
