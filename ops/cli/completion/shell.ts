import type { Completion } from "./places.ts";

/** How a shell is told. */
export interface Shell {
  /** One branch of its table: at this place, it prints these lines. */
  readonly branch: (place: string, lines: readonly string[]) => string;
  /** A candidate as a line, as its completion wants it. */
  readonly line: (candidate: Completion) => string;
  /** The script around the table. */
  readonly script: (table: string) => string;
}
