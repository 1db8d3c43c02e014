import { type Check, fail, type Finding, inconclusive, judge, pass, skip } from "../../checklist/check.ts";
import type { Repair } from "../../reconcile/repair.ts";
import type { FleetReport } from "./fleet-report.ts";

/** What there is once the rows were compared. */
export type ReadReport = () => FleetReport | undefined;

/** Checks of what nothing repairs by itself: somebody has to look at it. */
export const reportChecks = (read: ReadReport): readonly Check[] => [
  none("Tenants that lost their service", read, ({ withoutService }) =>
    String(withoutService.filter(({ isLost }) => isLost).length),
  ),
  none("Services that ECS did not describe", read, ({ tally }) => String(tally.unanswered)),
  none("Rows that the handler cannot read", read, ({ malformed }) => String(malformed.length)),
  none("Rows that remember an event of the future", read, ({ ahead }) =>
    ahead.length === 0 ? "0" : `${ahead.length}: ${ahead.map(({ tenantId }) => tenantId).join(", ")}`,
  ),
];

const none = (title: string, read: ReadReport, find: (report: FleetReport) => string): Check => ({
  title,
  run: () => {
    const report = read();
    if (report === undefined) return Promise.resolve(skip("the rows were not read"));
    const found = find(report);
    return Promise.resolve(judge(found === "0", found, "0"));
  },
});

export interface FuseCheckOptions {
  readonly read: ReadReport;
  /** Why the fuse has blown. */
  readonly blown: () => string | undefined;
  readonly force: boolean;
  readonly environment: string;
}

export const fuseCheck = ({ read, blown, force, environment }: FuseCheckOptions): Check => ({
  title: "Fuse",
  run: () => {
    if (read() === undefined) return Promise.resolve(skip("the rows were not read"));
    const why = blown();
    if (why === undefined) return Promise.resolve(pass("holds"));
    return Promise.resolve(
      force
        ? pass(`passed by --force: ${why}`)
        : fail(
            `${why}. Nothing was changed. Look at the cluster, its services' tags and envs/${environment}.json ` +
              "first; when the rows are wrong indeed, add --apply --force --reason",
          ),
    );
  },
});

export const judgeRepairs = (repairs: readonly Repair[]): Finding => {
  const count = (outcome: Repair["outcome"]): number =>
    repairs.filter((repaired) => repaired.outcome === outcome).length;
  const found = (["repaired", "overtaken", "failed", "unprocessed"] as const)
    .map((outcome) => [count(outcome), outcome] as const)
    .filter(([number]) => number > 0)
    .map(([number, outcome]) => `${number} ${outcome}`)
    .join(", ");
  if (count("failed") > 0) return fail(found);
  return count("unprocessed") > 0 ? inconclusive(found) : pass(found);
};
