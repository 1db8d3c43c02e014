import { visibleText } from "../../checklist/visible.ts";

/** `2026-03-03 20:59:13` in UTC; what is no time, as it is. */
export const shownTime = (iso: string): string => {
  const time = Date.parse(iso);
  return Number.isNaN(time)
    ? visibleText(iso)
    : new Date(time)
        .toISOString()
        .replace("T", " ")
        .replace(/(\.000)?Z$/, " UTC");
};
