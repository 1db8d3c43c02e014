import type { Deployment, Service } from "@aws-sdk/client-ecs";
import { toWholeSeconds } from "../handler/event-time.ts";
import type { EventRule } from "../handler/transition-data.ts";
import type { TransitionTable } from "../handler/transition-table.ts";
import { eventSeenAs } from "./seen-event.ts";

/** What ECS says of a service now, as the event that would have said so. */
export interface EcsVerdict {
  /** The canonical event. */
  readonly rule: EventRule;
  /** For people: what ECS says, in its own words. */
  readonly says: string;
  /** Since when, as far as ECS tells: the last change of its deployment. UTC, whole seconds. */
  readonly since: string | undefined;
  /**
   * The service is between two settled states, on its way since then: a status that only a settled service refutes
   * may well be true, if an event said so after that.
   */
  readonly unsettledSince: string | undefined;
  /** The deployment, for events that start one. */
  readonly deploymentId: string | undefined;
}

export type DescribedService = Pick<
  Service,
  "status" | "runningCount" | "desiredCount" | "deployments" | "events"
>;

/**
 * Says which event a service is in the state of, by the table's `seenAs`; undefined for a service that
 * DescribeServices does not know.
 *
 *     missing, INACTIVE, DRAINING        deleted
 *     rollout IN_PROGRESS                deploying; the rollout's reason may make it another event
 *     rollout FAILED                     failed
 *     rollout COMPLETED, or not told     steady when all desired tasks run and no others, else unsteady;
 *                                        down when none runs, and it has told of trouble for over ten minutes
 *
 * A service whose tasks start and crash again runs at one look and is down at the next. Its status must not alternate with
 * that: while it has told of trouble for over ten minutes, only its own message of a steady state makes it a settled one,
 * and so a tenant that is down stays so.
 *
 * Services with an external deployment controller have no rollout state: more than one deployment is one in progress.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
 */
export const judgeService = (
  service: DescribedService | undefined,
  table: TransitionTable,
  now: Date,
): EcsVerdict => {
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
        eventSeenAs("deploying", table, primary?.rolloutStateReason),
        `deployment ${rollout}, ${tasks}`,
        primary,
        "unsettled",
      );
    case "FAILED":
      // The primary deployment is the current one whatever the row believes, so that the event need not name it.
      return verdict(eventSeenAs("failed", table), `deployment ${rollout}, ${tasks}`, primary);
    default: {
      const trouble = findTrouble(service.events, primary?.createdAt);
      const isTroubled = trouble !== undefined && now.getTime() - trouble.at > MAX_TROUBLE_MS;
      if (runningCount === desiredCount) {
        const steady = verdict(eventSeenAs("steady", table), `steady, ${tasks}`, primary);
        return isTroubled && desiredCount > 0
          ? { ...steady, unsettledSince: inSeconds(new Date(trouble.since)) }
          : steady;
      }
      return isTroubled && runningCount === 0
        ? {
            ...verdict(eventSeenAs("down", table), `nothing runs, ${tasks}`, undefined),
            since: inSeconds(new Date(trouble.at)),
          }
        : verdict(eventSeenAs("unsteady", table), `not steady, ${tasks}`, primary, "unsettled");
    }
  }
};

/** What takes longer is no restart of a task any more. */
const MAX_TROUBLE_MS = 10 * 60 * 1000;

const STEADY_MESSAGE = "has reached a steady state";

/** Times in ms since 1970. */
interface Unsteadiness {
  /** Of the oldest message after the last one of a steady state. */
  readonly at: number;
  /** Since when the service may have been in trouble: ECS keeps the last hundred messages, and forgets the first ones of a long trouble. */
  readonly since: number;
}

/** Undefined where no message comes after the last one of a steady state. */
const findTrouble = (
  messages: DescribedService["events"] = [],
  deployedAt: Date | undefined,
): Unsteadiness | undefined => {
  const told = messages.flatMap(({ createdAt, message = "" }) =>
    createdAt === undefined ? [] : [{ at: createdAt.getTime(), isSteady: message.includes(STEADY_MESSAGE) }],
  );
  const steady = told.filter(({ isSteady }) => isSteady).map(({ at }) => at);
  const lastSteady = Math.max(...steady);
  const troubles = told.filter(({ at, isSteady }) => !isSteady && at > lastSteady).map(({ at }) => at);
  if (troubles.length === 0) return undefined;
  const at = Math.min(...troubles);
  return { at, since: steady.length > 0 ? at : Math.min(at, deployedAt?.getTime() ?? at) };
};

const rolloutOf = (primary: Deployment | undefined, deployments: number): string =>
  primary?.rolloutState ?? (deployments > 1 ? "IN_PROGRESS" : "COMPLETED");

const deleted = (says: string, table: TransitionTable): EcsVerdict => ({
  rule: eventSeenAs("deleted", table),
  says,
  since: undefined,
  unsettledSince: undefined,
  deploymentId: undefined,
});

const verdict = (
  rule: EventRule,
  says: string,
  primary: Deployment | undefined,
  unsettled?: "unsettled",
): EcsVerdict => {
  return {
    rule,
    says,
    since: inSeconds(primary?.updatedAt),
    unsettledSince: unsettled === undefined ? undefined : inSeconds(primary?.createdAt),
    deploymentId: primary?.id,
  };
};

const inSeconds = (date: Date | undefined): string | undefined =>
  date === undefined ? undefined : toWholeSeconds(date.toISOString());
