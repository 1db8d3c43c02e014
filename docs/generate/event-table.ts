import { markdownTable } from "markdown-table";
import type { TransitionData } from "../../handler/transition-data.ts";
import type { StatusTraits } from "../../handler/transition-table.ts";

/** The transition table as operators read it; of two events of one second the lower counts as the later. */
export const eventTable = ({ protected: protectedStatuses, statuses, events }: TransitionData): string =>
  [
    markdownTable([
      ["Event", "Status", "ECS calls it also", "Leaves alone"],
      ...events.map(({ name, status, from, neverFrom, overridesProtected, onlyCurrentDeployment }) => [
        code(name),
        code(status),
        from
          .map(
            ({ eventName, reasonContains }) =>
              code(eventName) +
              (reasonContains === undefined
                ? ""
                : ` when its reason says ${reasonContains.map((text) => `“${text}”`).join(" or ")}`),
          )
          .join(", "),
        [
          ...neverFrom.map(code),
          ...(overridesProtected === true ? [] : ["protected"]),
          ...(onlyCurrentDeployment === true ? ["all, when it is of an older deployment"] : []),
        ].join(", "),
      ]),
    ]),
    "",
    `Protected statuses, which other services set: ${protectedStatuses.map(code).join(", ")}.`,
    "",
    markdownTable([
      ["Status", "`ops reconcile` replaces it when ECS shows"],
      ...Object.entries(statuses).map(([status, { refutedBy }]) => [code(status), REFUTATIONS[refutedBy]]),
    ]),
  ].join("\n");

const REFUTATIONS: Readonly<Record<StatusTraits["refutedBy"], string>> = {
  any: "another state",
  settled: "a steady, failed or deleted service",
  deleted: "a deleted service",
};

const code = (text: string): string => `\`${text}\``;
