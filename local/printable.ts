import { visibleText } from "../checklist/visible.ts";

/** Text from elsewhere, safe to print, and cut where it would spoil the lines. */
export const printable = (text: string, maxLength = Infinity): string => {
  const shown = visibleText(text);
  if (shown.length <= maxLength) return shown;
  // Not in the middle of a character, half of which a terminal would show as it likes.
  return `${shown.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, "")}…`;
};
