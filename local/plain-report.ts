import { outcomeLine } from "./outcome-line.ts";
import { printable } from "./printable.ts";
import type { Output, Report, RunStart } from "./report.ts";
import type { Style } from "./style.ts";
import { describeSummary, type Summary } from "./summary.ts";
import { renderTenants } from "./tenant-list.ts";
import type { TenantRow } from "./tenant-table.ts";

/** Text that only ever grows: for pipes, files and terminals that cannot redraw. */
export const createPlainReport = (output: Output, style: Style): Report => {
  const print = (text: string): void => {
    output.write(`${text}\n`);
  };
  return {
    started: (start) => {
      print(heading(start, style));
    },
    logLine: (line) => {
      print(style.faint(printable(line)));
    },
    outcome: (outcome) => {
      print(outcomeLine(outcome, style));
    },
    finished: (rows, summary) => {
      print(closing(rows, summary, style));
    },
    close: () => undefined,
  };
};

/** What a run is about, above its events. */
export const heading = (
  { source, clusterArn, environment, package: built }: RunStart,
  style: Style,
): string =>
  [
    style.strong(`Playing ${printable(source)} through handler.zip`),
    style.faint(
      `${(built.zipBytes / 1000).toFixed(1)} kB, CodeSha256 ${built.codeSha256}, ${environment}, ${clusterArn}`,
    ),
    "",
  ].join("\n");

/** What has come of a run, below its events. */
export const closing = (rows: readonly TenantRow[], summary: Summary, style: Style): string =>
  [...(rows.length === 0 ? [] : ["", renderTenants(rows, style)]), "", ...describeSummary(summary)].join(
    "\n",
  );
