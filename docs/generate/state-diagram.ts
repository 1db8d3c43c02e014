import type { TransitionTable } from "../../handler/transition-table.ts";

/**
 * Draws the transition table for Mermaid. Statuses that every event treats alike share one source, or there would be an arrow
 * from every status to every other.
 */
export const stateDiagram = (table: TransitionTable): string => {
  const events = table.eventNames.flatMap((name) => table.rule(name) ?? []);
  events.sort((a, b) => table.precedence(a.name) - table.precedence(b.name));
  const kept = new Map(events.map((event) => [event.name, table.leftAlone(event)]));
  const keepersOf = (status: string): string =>
    events
      .filter(({ name }) => kept.get(name)?.includes(status))
      .map(({ name }) => name)
      .join(",");

  const statuses = [...new Set([...events.map(({ status }) => status), ...[...kept.values()].flat()])];
  const sources = new Map<string, string[]>();
  for (const status of statuses)
    sources.set(keepersOf(status), [...(sources.get(keepersOf(status)) ?? []), status]);

  const lines = ["stateDiagram-v2", "  direction LR"];
  let groups = 0;
  for (const [keepers, members] of sources) {
    const [only = ""] = members;
    const isFree = keepers === "";
    const id = members.length === 1 && !isFree ? only : `group${++groups}`;
    if (id !== only)
      lines.push(
        `  state "${isFree ? `any other status, or none:<br>` : ""}${members.join("<br>")}" as ${id}`,
      );
    const arrows = new Map<string, string[]>();
    for (const { name, status } of events) {
      if (kept.get(name)?.includes(only) === true || id === status) continue;
      arrows.set(status, [...(arrows.get(status) ?? []), name]);
    }
    for (const [status, names] of arrows) lines.push(`  ${id} --> ${status} : ${names.join("<br>")}`);
  }
  return ["```mermaid", ...lines, "```"].join("\n");
};
