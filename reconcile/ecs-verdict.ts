import type { Deployment, Service } from "@aws-sdk/client-ecs";
import { toWholeSeconds } from "../handler/event-time.ts";
import { type EventRule, type TransitionTable } from "../handler/transition-table.ts";

/** What ECS says of a service now, as the event that would have said so. */
export interface EcsVerdict {
  /** The canonical event. */
  readonly rule: EventRule;
  /** For people: what ECS says, in its own words. */
  readonly says: string;
  /** Since when, as far as ECS tells: the last change of its deployment. UTC, whole seconds. */
  readonly since?: string;
  /**
   * The service is between two settled states, on its way since then: FAILED or SCALING, if an event said so
   * after that, may well be true, as DescribeServices says nothing about either.
   */
  readonly unsettledSince?: string;
  /** The deployment, for events that start one. */
  readonly deploymentId?: string;
}

export type DescribedService = Pick<Service, "status" | "runningCount" | "desiredCount" | "deployments">;

/**
 * Says which event a service is in the state of; undefined for a service that DescribeServices does not know.
 *
 *     missing, INACTIVE, DRAINING        SERVICE_DELETED
 *     rollout IN_PROGRESS                DEPLOYMENT_IN_PROGRESS, or by its reason DEPLOYMENT_ROLLBACK_STARTED
 *     rollout FAILED                     DEPLOYMENT_FAILED
 *     rollout COMPLETED, or not told     SERVICE_STEADY_STATE when all desired tasks run and no others,
 *                                        else SERVICE_DESIRED_COUNT_UPDATED
 *
 * Services with an external deployment controller have no rollout state: more than one deployment is one in progress.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
 */
export const judgeService = (service: DescribedService | undefined, table: TransitionTable): EcsVerdict => {
  if (service === undefined) return deleted("no such service", table);
  const { status = "without a status", runningCount = 0, desiredCount = 0, deployments = [] } = service;
  const tasks = `${runningCount} of ${desiredCount} tasks running`;
  switch (status) {
    case "INACTIVE":
      return deleted(status, table);
    case "DRAINING":
      return deleted(`${status}, ${tasks}`, table);
  }

  const primary = deployments.find((deployment) => deployment.status === "PRIMARY");
  const rollout = rolloutOf(primary, deployments.length);
  switch (rollout) {
    case "IN_PROGRESS":
      return verdict(
        eventNamed("SERVICE_DEPLOYMENT_IN_PROGRESS", table, primary?.rolloutStateReason),
        `deployment ${rollout}, ${tasks}`,
        primary,
        "unsettled",
      );
    case "FAILED":
      // The primary deployment is the current one whatever the row believes, so that the event need not name it.
      return verdict(eventNamed("DEPLOYMENT_FAILED", table), `deployment ${rollout}, ${tasks}`, primary);
    default:
      return runningCount === desiredCount
        ? verdict(eventNamed("SERVICE_STEADY_STATE", table), `steady, ${tasks}`, primary)
        : verdict(
            eventNamed("SERVICE_DESIRED_COUNT_UPDATED", table),
            `not steady, ${tasks}`,
            primary,
            "unsettled",
          );
  }
};

const rolloutOf = (primary: Deployment | undefined, deployments: number): string =>
  primary?.rolloutState ?? (deployments > 1 ? "IN_PROGRESS" : "COMPLETED");

const deleted = (says: string, table: TransitionTable): EcsVerdict => ({
  rule: eventNamed("SERVICE_DELETED", table),
  says,
});

const verdict = (
  rule: EventRule,
  says: string,
  primary: Deployment | undefined,
  unsettled?: "unsettled",
): EcsVerdict => {
  const since = inSeconds(primary?.updatedAt);
  const unsettledSince = unsettled === undefined ? undefined : inSeconds(primary?.createdAt);
  return {
    rule,
    says,
    ...(since === undefined ? {} : { since }),
    ...(unsettledSince === undefined ? {} : { unsettledSince }),
    ...(primary?.id === undefined ? {} : { deploymentId: primary.id }),
  };
};

const inSeconds = (date: Date | undefined): string | undefined =>
  date === undefined ? undefined : toWholeSeconds(date.toISOString());

/** The canonical event that ECS means by a name. */
export const eventNamed = (name: string, table: TransitionTable, reason?: string): EventRule => {
  const rule = table.canonicalEvent(name, reason);
  if (rule === undefined) throw new Error(`The transition table does not map ${name}`);
  return rule;
};
