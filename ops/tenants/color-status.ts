import picocolors from "picocolors";
import { visibleText } from "../../checklist/visible.ts";
import { transitionTable } from "../../handler/transition-table.ts";

/** A tenant's status, safe to print and coloured as the transition table says; what another service sets stands out. */
export const colorStatus = (status: string, color: boolean): string => {
  const name = transitionTable.statuses.get(status)?.color ?? "magenta";
  return picocolors.createColors(color)[name](visibleText(status));
};
