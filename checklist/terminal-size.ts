import type { WriteStream } from "node:tty";

/** Serial consoles and some containers' terminals say that they have no columns; a text cannot be fitted to that. */
export const assumeTerminalSize = (stream: Pick<WriteStream, "isTTY" | "columns" | "rows">): void => {
  if (!stream.isTTY) return;
  stream.columns ||= 80;
  stream.rows ||= 24;
};
