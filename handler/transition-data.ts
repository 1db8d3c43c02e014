/** Generated from handler/transitions.schema.json by npm run types; do not edit. */

export type Name = string;
/**
 * Statuses that other services own and set on the same row; every event without overridesProtected leaves them alone.
 */
export type Statuses = Name[];
/**
 * Statuses that this event leaves as they are: it is remembered, but the status stays.
 */
export type Statuses1 = Name[];

export interface TransitionData {
  $schema?: string;
  protected: Statuses;
  /**
   * Every status that an event leads to: what the tools need to know about it.
   */
  statuses: {
    [k: string]: {
      /**
       * How a terminal shows it.
       */
      color: "green" | "yellow" | "red" | "dim";
      /**
       * What DescribeServices must show before reconcile replaces this status. any: any other state. settled: a steady, failed or deleted service, as the status may be true while a service is unsettled. deleted: a deleted service only, as DescribeServices shows nothing of this status.
       */
      refutedBy: "any" | "settled" | "deleted";
    };
  };
  /**
   * The canonical events, lowest precedence first: of two events of the same second the one further down counts as the later.
   *
   * @minItems 1
   */
  events: EventRule[];
}
export interface EventRule {
  /**
   * The canonical event; ECS may send it under this very name too.
   */
  name: string;
  /**
   * The tenant status it leads to.
   */
  status: string;
  /**
   * The state of a service, as DescribeServices shows it, that this event would have reported. Each state belongs to one event.
   */
  seenAs?: "deleted" | "deploying" | "down" | "failed" | "steady" | "unsteady";
  /**
   * The further ECS event names that mean it.
   */
  from: {
    eventName: Name;
    /**
     * Only when detail.reason contains one of these texts, in any case; such a match goes before one without it.
     *
     * @minItems 1
     */
    reasonContains?: string[];
  }[];
  neverFrom: Statuses1;
  /**
   * The event's deploymentId is the service's current deployment from here on.
   */
  startsDeployment?: true;
  /**
   * Leaves the status alone when its deploymentId is not the current deployment's; remembered for each deployment.
   */
  onlyCurrentDeployment?: true;
  /**
   * By the event that started the current deployment: the event that this one then means. It must lead to the same status from the same statuses.
   */
  meansAfter?: {
    [k: string]: Name;
  };
  /**
   * Applies to protected statuses too.
   */
  overridesProtected?: true;
}
