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
    readonly tenantsWithoutService: readonly {
      readonly tenantId: string;
      readonly why: string;
      readonly isLost: boolean;
    }[];
    readonly malformedRows: readonly object[];
    readonly rowsAhead: readonly { readonly tenantId: string; readonly why: string; readonly cure: string }[];
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
  const { tenants, drift, malformedRows, tenantsWithoutService, rowsAhead } = report.result;
  const lost = tenantsWithoutService.filter(({ isLost }) => isLost);
  return {
    drifted: drift.length + lost.length + malformedRows.length + rowsAhead.length > 0,
    markdown: [
      `### Tenants: ${drift.length} of ${tenants} disagree with ECS, ${lost.length} lost their service, ${malformedRows.length} rows cannot be read`,
      ...table(
        ["tenant", "row says", "ECS says", "because"],
        drift.map(({ tenantId, rowSays, ecsSays, because }) => [tenantId, rowSays, ecsSays, because]),
      ),
      ...table(
        ["tenant without its service", "why"],
        lost.map(({ tenantId, why }) => [tenantId, why]),
      ),
      ...table(
        ["tenant whose row remembers an event of the future", "why", "cure"],
        rowsAhead.map(({ tenantId, why, cure }) => [tenantId, why, cure]),
      ),
    ].join("\n"),
  };
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  rows.length === 0
    ? []
    : [
        "",
        markdownTable([[...head], ...rows.slice(0, MAX_ROWS).map((row) => row.map(codeInMarkdown))], {
          alignDelimiters: false,
        }),
        ...(rows.length > MAX_ROWS ? ["", `and ${rows.length - MAX_ROWS} more`] : []),
      ];

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
