/** Generated from handler/ecs-event.schema.json by npm run types; do not edit. */

export type Arn = string;

/**
 * Envelope: every EventBridge event. Detail: 'ECS Service Action' and 'ECS Deployment State Change' (Amazon ECS developer guide, ecs_service_events and ecs_service_deployment_events). Unknown further properties are allowed: AWS adds some from time to time.
 */
export interface EcsEventMessage {
  version: string;
  id: string;
  "detail-type": "ECS Service Action" | "ECS Deployment State Change";
  source: "aws.ecs";
  account: string;
  time: string;
  region: string;
  /**
   * Its items are not a $ref: of 99,000 bad ones, each referred to, ajv would copy the list of violations once for each.
   *
   * @maxItems 100
   */
  resources: string[];
  detail: {
    eventType: string;
    eventName: string;
    clusterArn?: Arn;
    deploymentId?: string;
    reason?: string;
    /**
     * Who sent it, where that was not ECS: the reconciler, or an operator. No event of ECS has it.
     */
    source?: string;
    /**
     * @maxItems 200
     */
    tags?: {
      key: string;
      /**
       * Any type: a value that is no string counts as absent. AWS allows 256 characters.
       */
      value?: unknown;
    }[];
  };
}
