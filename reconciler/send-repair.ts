import type { LambdaClient } from "@aws-sdk/client-lambda";
import { describe } from "../handler/errors.ts";
import { describeInvoked, invokeHandler } from "../reconcile/invoke-handler.ts";
import { repairEvent } from "../reconcile/repair-event.ts";
import type { SendRepair } from "../reconcile/repair.ts";
import type { ReconcilerConfiguration } from "./configuration.ts";

/** Sends repair events to the handler's alias. Trouble with AWS is that tenant's failure; the next run tries again. */
export const createRepairSender = (
  lambda: LambdaClient,
  configuration: Pick<
    ReconcilerConfiguration,
    "handlerAliasArn" | "environment" | "accountId" | "region" | "clusterArn"
  >,
): SendRepair => {
  const [, functionName = "", qualifier = ""] = /^(.+):([^:]+)$/.exec(configuration.handlerAliasArn) ?? [];
  const origin = { ...configuration, seenBy: "the reconciler" };
  return async ({ observation }, rule, id) => {
    try {
      const invoked = await invokeHandler(
        lambda,
        { functionName, qualifier },
        repairEvent(observation, rule, id, origin),
      );
      return invoked.kind === "answered" && invoked.answer.status === "success"
        ? { kind: "processed", tenantStatus: invoked.answer.tenantStatus }
        : { kind: "failed", why: describeInvoked(invoked) };
    } catch (error) {
      return { kind: "failed", why: describe(error) };
    }
  };
};
