import { randomUUID } from "node:crypto";
import type { Environment } from "../../envs/environment.ts";
import { resourceNames } from "../../envs/resource-names.ts";
import type { EventBridgeEvent } from "../emulator/event-bus.ts";

/** Writes the events that ECS would send about one service, in the shapes that were captured from AWS. */
export class ServiceEvents {
  constructor(
    private readonly environment: Environment,
    private readonly serviceArn: string,
  ) {}

  /** @param at seconds since 1970. */
  serviceAction(
    eventName: string,
    at: number,
    detail: Readonly<Record<string, unknown>> = {},
  ): EventBridgeEvent {
    return this.event("ECS Service Action", at, {
      eventType: "INFO",
      eventName,
      clusterArn: resourceNames(this.environment).clusterArn,
      createdAt: new Date(at * 1000 + 482).toISOString(),
      ...detail,
    });
  }

  /** In the older shape, which does not name the cluster. */
  deployment(eventName: string, at: number, deploymentId: string, reason?: string): EventBridgeEvent {
    return this.event("ECS Deployment State Change", at, {
      eventType: eventName.endsWith("FAILED") ? "ERROR" : "INFO",
      eventName,
      deploymentId,
      // ECS finds out later than it happened.
      updatedAt: new Date((at - 31) * 1000 + 101).toISOString(),
      reason: reason ?? `ECS deployment ${deploymentId} in progress.`,
    });
  }

  private event(
    detailType: EventBridgeEvent["detail-type"],
    at: number,
    detail: Readonly<Record<string, unknown>>,
  ): EventBridgeEvent {
    return {
      version: "0",
      id: randomUUID(),
      "detail-type": detailType,
      source: "aws.ecs",
      account: this.environment.accountId,
      time: new Date(at * 1000).toISOString().replace(".000Z", "Z"),
      region: this.environment.region,
      resources: [this.serviceArn],
      detail,
    };
  }
}

/** The same event about another service. */
export const about = (event: EventBridgeEvent, serviceArn: string): EventBridgeEvent => ({
  ...event,
  resources: [serviceArn],
});
