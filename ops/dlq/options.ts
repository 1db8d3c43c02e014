import { InvalidArgumentError } from "@commander-js/extra-typings";
import { type LetterFilter, parseFilter } from "./filter.ts";

/** `--filter event=NAME tenant!=ID`, for commander, which calls it once for each condition. */
export const parseFilterOption = (condition: string, before: LetterFilter = []): LetterFilter => {
  const filter = parseFilter(condition, before);
  if (typeof filter === "string") throw new InvalidArgumentError(filter);
  return filter;
};

export const FILTER_FLAGS = "--filter <conditions...>";
export const FILTER_HELP =
  "only these: event=NAME (canonical or as ECS sent it), tenant=ID (the event's own tag, or a whole part of the service's name), " +
  "event!=NAME, tenant!=ID, kind=poison or kind=retryable, cause=TEXT; all of them hold";
