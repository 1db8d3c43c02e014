import type { Display, Text } from "./display.ts";
import { fitLines } from "./fit-lines.ts";
import { visibleLines } from "./visible.ts";

/** The text as it goes to this display. */
export const draw = (text: Text, display: Display): string =>
  typeof text === "string" ? fitLines(visibleLines(text), display.columns) : text(display);
