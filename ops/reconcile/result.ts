import type { Display } from "../../checklist/display.ts";
import { fitLines } from "../../checklist/fit-lines.ts";
import type { Result } from "../../checklist/stage.ts";
import { formatTable } from "../../checklist/table.ts";
import { visibleText } from "../../checklist/visible.ts";
import type { Drift } from "../../reconcile/fleet-finding.ts";
import type { Repair } from "../../reconcile/repair.ts";
import { quoteForShell } from "../quote-for-shell.ts";
import type { FleetReport } from "./fleet-report.ts";

/** What a reconciliation found, and repaired, for machines and for people. */
export const createResult = (
  report: FleetReport,
  repairs: readonly Repair[],
  {
    apply,
    blownFuse,
    environment,
  }: { readonly apply: boolean; readonly blownFuse: string | undefined; readonly environment: string },
): Result => {
  const { tally, drifts, withoutService, servicesWithoutTenant, malformed, ahead, unanswered } = report;
  const outcomes = new Map(repairs.map((repaired) => [repaired.tenantId, repaired]));
  return {
    data: {
      tenants: tally.row,
      agreeing: tally.agrees,
      kept: tally.kept,
      drift: drifts.map((drift) => ({ ...describeDrift(drift), repair: outcomes.get(drift.tenantId) })),
      tenantsWithoutService: withoutService,
      servicesWithoutTenant,
      servicesUnanswered: unanswered,
      malformedRows: malformed,
      blownFuse,
      rowsAhead: ahead.map((row) => ({ ...row, cure: cureOf(row.tenantId, environment) })),
    },
    text: (display) =>
      [
        fitLines(
          `${tally.row} tenants: ${tally.agrees} agree with ECS, ${tally.kept} rightly differ, ${drifts.length} disagree`,
          display.columns,
        ),
        ...section(
          display,
          "Rows that disagree",
          ["TENANT", "ROW SAYS", "SINCE", "ECS SAYS", "SINCE", "", ""],
          drifts.map((drift) => {
            const { tenantId, rowSays, rowSince, ecsSays, ecsSince, because } = describeDrift(drift);
            const { outcome = "", detail = "" } = outcomes.get(tenantId) ?? {};
            return [tenantId, rowSays, rowSince, `${ecsSays} (${because})`, ecsSince, outcome, detail];
          }),
        ),
        ...section(
          display,
          "Rows that the handler cannot read",
          ["TENANT", "WHY"],
          malformed.map(({ tenantId, why }) => [tenantId, why]),
        ),
        ...section(
          display,
          "Rows that remember an event of the future: nothing that happens until then counts",
          ["TENANT", "WHY"],
          ahead.map(({ tenantId, why }) => [tenantId, why]),
        ),
        ...ahead.map(({ tenantId }) =>
          fitLines(`  ${visibleText(cureOf(tenantId, environment))}`, display.columns),
        ),
        ...section(
          display,
          "Tenants without a service",
          ["TENANT", "WHY"],
          withoutService.map(({ tenantId, why }) => [tenantId, why]),
        ),
        ...section(
          display,
          "Services that ECS did not describe: nothing is known of them",
          ["SERVICE", "WHY"],
          unanswered.map(({ serviceArn, why }) => [serviceArn, why]),
        ),
        ...section(
          display,
          "Services without a tenant",
          ["SERVICE", "WHY"],
          servicesWithoutTenant.map(({ serviceArn, why }) => [serviceArn, why]),
        ),
        ...(drifts.length > 0 && !apply && blownFuse === undefined
          ? ["", fitLines("Add --apply to repair the rows that disagree", display.columns)]
          : []),
      ].join("\n"),
  };
};

/** What to type. The id is quoted for a shell, as others chose it. */
const cureOf = (tenantId: string, environment: string): string =>
  `npm run ops -- forget-future ${environment} --tenant ${quoteForShell(tenantId)} --reason "..."`;

const describeDrift = ({ tenantId, rowSays, rowSince, observation }: Drift) => ({
  tenantId,
  rowSays: rowSays ?? "(nothing)",
  rowSince: rowSince ?? "?",
  ecsSays: observation.verdict.rule.status,
  because: observation.verdict.says,
  ecsSince: observation.verdict.since ?? "?",
  observedAt: observation.at,
  serviceArn: observation.serviceArn,
});

const section = (
  { columns }: Display,
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] =>
  rows.length === 0
    ? []
    : [
        "",
        fitLines(`${title}:`, columns),
        formatTable(head, rows, { columns, yielding: YIELDING.get(head.length) }),
      ];

/** By how many columns there are: of two, the second is a sentence. */
const YIELDING: ReadonlyMap<number, readonly number[]> = new Map([
  [2, [1, 0]],
  [7, [2, 4, 6, 5, 0, 1, 3]],
]);
