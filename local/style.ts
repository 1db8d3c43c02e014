import picocolors from "picocolors";
import { transitionTable } from "../handler/transition-table.ts";

export interface Style {
  readonly faint: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly alarming: (text: string) => string;
  /** Colours a tenant status as the transition table says. */
  readonly status: (status: string) => string;
}

export const createStyle = (colored: boolean): Style => {
  const colors = picocolors.createColors(colored);
  return {
    faint: colors.dim,
    strong: colors.bold,
    alarming: colors.red,
    // What another service set stands out.
    status: (status) => colors[transitionTable.statuses.get(status)?.color ?? "magenta"](status),
  };
};
