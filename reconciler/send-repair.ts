import type { LambdaClient } from "@aws-sdk/client-lambda";
import { isAborted } from "../checklist/errors.ts";
import { describe } from "../handler/errors.ts";
import { describeInvoked, invokeHandler } from "../reconcile/invoke-handler.ts";
import { repairEvent } from "../reconcile/repair-event.ts";
import type { SendRepair } from "../reconcile/repair.ts";
import type { ReconcilerConfiguration } from "./configuration.ts";

/**
 * Sends repair events to the handler's alias. Trouble with AWS is that tenant's failure; the next run tries again.
 * @returns a sender for one run, which waits for no answer any more once the run's signal is aborted.
 */
export const createRepairSender = (
  lambda: LambdaClient,
  configuration: Pick<
    ReconcilerConfiguration,
    "handlerAliasArn" | "environment" | "accountId" | "region" | "clusterArn"
  >,
): ((signal: AbortSignal) => SendRepair) => {
  const [, functionName = "", qualifier = ""] = /^(.+):([^:]+)$/.exec(configuration.handlerAliasArn) ?? [];
  const origin = { ...configuration, seenBy: "the reconciler", source: "reconciler" };
  return (signal) =>
    async ({ observation }, rule, id) => {
      if (signal.aborted) return NOT_ANSWERED;
      try {
        const invoked = await invokeHandler(
          lambda,
          { functionName, qualifier },
          repairEvent(observation, rule, id, origin),
          signal,
        );
        return invoked.kind === "answered" && invoked.answer.status === "success"
          ? { kind: "processed", tenantStatus: invoked.answer.tenantStatus }
          : { kind: "failed", why: describeInvoked(invoked) };
      } catch (error) {
        return isAborted(error) ? NOT_ANSWERED : { kind: "failed", why: describe(error) };
      }
    };
};

/** The handler may have processed it all the same: the next run sees. */
const NOT_ANSWERED = { kind: "failed", why: "no answer before the run's time was over" } as const;
