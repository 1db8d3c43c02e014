import type { FoldStep } from "../../handler/tenant-state.ts";

/** What an event did to the status, or why it was kept off. */
export const effectOf = ({ keptOff, occurrence, state }: FoldStep): string => {
  switch (keptOff) {
    case undefined:
      return state.lastEvent.name === occurrence.name ? "set it" : `set it, as ${state.lastEvent.name}`;
    case "status_stays":
      return "kept off: the status stays from such an event";
    case "other_deployment":
      return `kept off: of another deployment than ${state.deploymentId ?? "the current one"}`;
  }
};
