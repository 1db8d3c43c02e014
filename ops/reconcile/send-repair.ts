import { describeExplanation } from "../../checklist/errors.ts";
import { repairEvent } from "../../reconcile/repair-event.ts";
import type { SendRepair } from "../../reconcile/repair.ts";
import { explainAwsError } from "../aws/explain-error.ts";
import { describeInvoked, invokeHandler } from "../../reconcile/invoke-handler.ts";
import { sourceOf } from "../aws/identity.ts";
import type { Context } from "../context.ts";

/** Sends repair events to the alias, as the operator. Trouble with AWS is that tenant's failure. */
export const createSendRepair =
  ({ aws, environment, names, identity }: Context): SendRepair =>
  async ({ observation }, transition, id) => {
    try {
      const invoked = await invokeHandler(
        aws.lambda,
        { functionName: names.functionName, qualifier: names.aliasName },
        repairEvent(observation, transition, id, {
          environment: environment.environment,
          accountId: environment.accountId,
          region: environment.region,
          clusterArn: names.clusterArn,
          seenBy: "ops reconcile",
          source: sourceOf(await identity()),
        }),
      );
      return invoked.kind === "answered" && invoked.answer.status === "success"
        ? { kind: "processed", tenantStatus: invoked.answer.tenantStatus }
        : { kind: "failed", why: describeInvoked(invoked) };
    } catch (error) {
      const explanation = explainAwsError(error);
      // Anything else is a bug and ends the run.
      if (explanation === undefined) throw error;
      return { kind: "failed", why: describeExplanation(explanation) };
    }
  };
