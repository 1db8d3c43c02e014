import { closest, distance } from "fastest-levenshtein";

/** `Did you mean prod?`; undefined when no name is like the one that was typed. */
export const suggestNearest = (typed: string, names: readonly string[]): string | undefined => {
  const nearest = closest(typed, [...names]);
  return distance(typed, nearest) <= Math.max(typed.length, nearest.length) / 2
    ? `Did you mean ${nearest}?`
    : undefined;
};
