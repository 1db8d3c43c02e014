import { createLogUpdate } from "log-update";
import { closing, printedLines } from "./plain-playback-reporter.ts";
import { fitLines } from "../checklist/fit-lines.ts";
import type { PlaybackReporter } from "./playback-reporter.ts";
import type { Style } from "./style.ts";
import { renderTenants } from "./tenant-list.ts";
import type { TenantItem } from "./tenant-table.ts";

/** What is asked of a terminal besides writing to it. */
export interface Terminal extends NodeJS.WritableStream {
  /** Its height in lines, which may change. */
  readonly rows: number;
  /** Its width in characters. */
  readonly columns: number;
}

/** Faster than this nobody sees. */
const REDRAW_MS = 40;

/** Lines that scroll by above a table that is redrawn in place: for terminals. */
export const createLivePlaybackReporter = (terminal: Terminal, style: Style): PlaybackReporter => {
  const logUpdate = createLogUpdate(terminal);
  /** The tenant that changed last is last. */
  const rows = new Map<string, TenantItem>();
  let lines: string[] = [];
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (lines.length > 0) {
      logUpdate.clear();
      terminal.write(`${fitLines(lines.join("\n"), terminal.columns)}\n`);
      lines = [];
    }
  };
  const draw = (): void => {
    flush();
    logUpdate(liveTable([...rows.values()], terminal, style));
  };
  const print = (line: string): void => {
    lines.push(line);
    timer ??= setTimeout(draw, REDRAW_MS);
  };

  return {
    ...printedLines(print, style, () => terminal.columns),
    showRow: (row) => {
      const id = String(row["tenant_id"]);
      rows.delete(id);
      rows.set(id, row);
      timer ??= setTimeout(draw, REDRAW_MS);
    },
    finished: (end) => {
      flush();
      logUpdate.clear();
      terminal.write(`${fitLines(closing(end, style, terminal.columns), terminal.columns)}\n`);
    },
    close: () => {
      if (timer !== undefined) draw();
      logUpdate.done();
    },
  };
};

/**
 * The table below the lines. Where it is higher than the terminal, the tenants that changed last are shown.
 * @param rows the one that changed last is last.
 */
export const liveTable = (
  rows: readonly TenantItem[],
  { rows: height, columns }: Pick<Terminal, "rows" | "columns">,
  style: Style,
): string => {
  // A blank line above, the line that counts the rest, and the line of the cursor.
  const room = Math.max(1, height - 3);
  const draw = (count: number): string => {
    const shown = rows.slice(-count);
    const sorted = shown.toSorted((a, b) => (String(a["tenant_id"]) < String(b["tenant_id"]) ? -1 : 1));
    return renderTenants(sorted, style, columns);
  };
  let count = Math.min(rows.length, room);
  let table = draw(count);
  // In a narrow terminal, a tenant may take several lines.
  while (count > 1 && table.split("\n").length > room) table = draw(--count);
  const unshown = rows.length - count;
  return [
    "",
    ...(rows.length === 0 ? [] : [table]),
    ...(unshown === 0 ? [] : [style.faint(`and ${unshown} more`)]),
  ].join("\n");
};
