/** What one run found and did, in numbers; and names, where there are few enough to be of use. */
export interface RunCounts {
  /** That ECS showed. */
  readonly services: number;
  /** Rows of tenants. */
  readonly tenants: number;
  readonly agreeing: number;
  /** They differ, rightly: another service's status, or an event newer than what ECS showed. */
  readonly kept: number;
  readonly drifted: number;
  readonly repaired: number;
  /** A newer event, or another service, was faster than the repair. */
  readonly overtaken: number;
  readonly failed: number;
  readonly unprocessed: number;
  readonly tenantsWithoutService: number;
  /** Services that are a tenant's. */
  readonly tenantServices: number;
  readonly servicesWithoutTenant: number;
  /** Services that ECS could not describe, or counted and did not list: none of their tenants counts as gone. */
  readonly unanswered: number;
  /** Tenants that several services claim: none of them is repaired. */
  readonly contested: number;
  readonly malformed: number;
  /** Rows that remember an event of the future. */
  readonly ahead: number;
  readonly directoryItemsWritten: number;
  readonly directoryItemsRemoved: number;
}

/** What the function answers to Lambda. Trouble with AWS is thrown, not answered. */
export type ReconcilerAnswer = RunAnswer | SteppedAsideAnswer | ReadyAnswer | RefusedAnswer;

/** It looked at the fleet. */
export interface RunAnswer extends Partial<RunCounts> {
  /** fuse_blown: nothing was changed. unfinished: time ran out, and the next run looks again. */
  readonly status: "reconciled" | "fuse_blown" | "unfinished";
  readonly environment: string;
  readonly why?: string | undefined;
  readonly durationMs: number;
}

/** Another run is under way. */
export interface SteppedAsideAnswer {
  readonly status: "stepped_aside";
  readonly environment: string;
  readonly why: string;
}

/** All that a run needs can be reached. */
export interface ReadyAnswer {
  readonly status: "ready";
  readonly environment: string;
  /** Active ones in the cluster, as ECS counts them. */
  readonly services: number;
  readonly repair: boolean;
}

/** The input asks for nothing that this function knows. */
export interface RefusedAnswer {
  readonly status: "refused";
  readonly environment: string;
  readonly why: string;
}
