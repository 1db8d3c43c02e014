import { markdownTable } from "markdown-table";
import { codeInMarkdown } from "../markdown.ts";

/** What the drift report needs of `ops reconcile <env> --json`. */
interface Reconciled {
  readonly result: {
    readonly tenants: number;
    readonly drift: readonly {
      readonly tenantId: string;
      readonly rowSays: string;
      readonly ecsSays: string;
      readonly because: string;
    }[];
    readonly malformedRows: readonly object[];
  };
}

export interface TenantDrift {
  readonly drifted: boolean;
  readonly markdown: string;
}

/** Reads the command's object; undefined when it did not come to compare the rows: nothing is known of them then. */
export const tenantDrift = (stdout: string): TenantDrift | undefined => {
  const report: unknown = JSON.parse(stdout);
  if (!isReconciled(report)) return undefined;
  const { tenants, drift, malformedRows } = report.result;
  return {
    drifted: drift.length + malformedRows.length > 0,
    markdown: [
      `### Tenants: ${drift.length} of ${tenants} disagree with ECS, ${malformedRows.length} rows cannot be read`,
      ...(drift.length === 0
        ? []
        : [
            "",
            markdownTable(
              [
                ["tenant", "row says", "ECS says", "because"],
                ...drift
                  .slice(0, MAX_ROWS)
                  .map(({ tenantId, rowSays, ecsSays, because }) =>
                    [tenantId, rowSays, ecsSays, because].map(codeInMarkdown),
                  ),
              ],
              { alignDelimiters: false },
            ),
          ]),
      ...(drift.length > MAX_ROWS ? ["", `and ${drift.length - MAX_ROWS} more`] : []),
    ].join("\n"),
  };
};

/** An issue takes 65,536 characters, for all environments together. */
const MAX_ROWS = 50;

const isReconciled = (report: unknown): report is Reconciled =>
  typeof report === "object" &&
  report !== null &&
  "result" in report &&
  typeof report.result === "object" &&
  report.result !== null &&
  "drift" in report.result &&
  Array.isArray(report.result.drift);
