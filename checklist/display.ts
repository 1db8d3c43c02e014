/** What text is drawn on. */
export interface Display {
  /** Undefined where lines may be of any length: a file, a pipe. */
  readonly columns: number | undefined;
  readonly color: boolean;
}

/** Text for people. What is drawn for a display makes what others chose visible by itself, fits it, and carries its own colours. */
export type Text = string | ((display: Display) => string);

/** A file, as far as anybody knows. */
export const PLAIN: Display = { columns: undefined, color: false };
