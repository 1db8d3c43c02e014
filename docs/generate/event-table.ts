import type { TransitionData } from "../../handler/transition-table.ts";

/** The transition table as operators read it; of two events of one second the lower counts as the later. */
export const eventTable = ({ events }: TransitionData): string =>
  [
    "| Event | Status | ECS calls it also | Leaves alone |",
    "| --- | --- | --- | --- |",
    ...events.map(({ name, status, from, neverFrom, overridesProtected, onlyCurrentDeployment }) =>
      row([
        code(name),
        code(status),
        from
          .map(
            ({ eventName, reasonContains }) =>
              code(eventName) +
              (reasonContains === undefined ? "" : ` when its reason says “${reasonContains}”`),
          )
          .join(", "),
        [
          ...neverFrom.map(code),
          ...(overridesProtected === true ? [] : ["protected"]),
          ...(onlyCurrentDeployment === true ? ["all, when it is of an older deployment"] : []),
        ].join(", "),
      ]),
    ),
  ].join("\n");

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
const code = (text: string): string => `\`${text}\``;
