/** Environment variables, of this process or for another. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Leaves out all that could lead to a real AWS: a rehearsal must never find its way there. */
export const withoutAws = (variables: Variables): Variables =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith("AWS_")));
