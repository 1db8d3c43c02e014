import type { FoldStep } from "../../handler/tenant-state.ts";
import type { SeenService } from "../../reconcile/cluster-services.ts";
import type { FleetFinding } from "../../reconcile/fleet-finding.ts";
import type { SeenRow } from "../../reconcile/tenant-rows.ts";
import type { HandlerLogLine } from "../aws/cloudwatch/log-lines.ts";
import type { DirectoryItem } from "./directory-items.ts";
import type { TenantLetters } from "./tenant-letters.ts";

/** What is known of one tenant. Undefined is what could not be looked up; null, what is not there. */
export interface TenantPicture {
  readonly tenantId: string;
  readonly row: TenantRowSeen | null | undefined;
  readonly services: readonly SeenService[] | undefined;
  /** What reconcile would say. */
  readonly findings: readonly FleetFinding[] | undefined;
  readonly directory: readonly DirectoryItem[] | undefined;
  readonly log: readonly HandlerLogLine[] | undefined;
  readonly letters: TenantLetters | undefined;
  /** Ids like it, where there is no row. */
  readonly nearest: readonly string[];
}

export interface TenantRowSeen {
  readonly seen: SeenRow;
  readonly steps: readonly FoldStep[];
  readonly lastEvent: LastEvent | undefined;
  readonly updatedAt: string | undefined;
}

export interface LastEvent {
  readonly name: string;
  readonly at: string;
  readonly id: string;
  /** Who sent it, where the row says so. */
  readonly source: string | undefined;
}

/** Another service has set the status since. */
export const isSetByAnother = (seen: SeenRow): boolean =>
  seen.kind === "row" && seen.row.status !== undefined && seen.row.status !== seen.row.ecsStatus;
