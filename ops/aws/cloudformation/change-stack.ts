import { DeleteStackCommand, UpdateStackCommand } from "@aws-sdk/client-cloudformation";
import { ObstacleError } from "../../../checklist/errors.ts";
import type { Context } from "../../context.ts";
import { withHandedOver } from "./hand-over-template.ts";
import { describeStack, type OwnerStack } from "./stack.ts";

const POLL_MS = 5_000;

/** Gives a stack another template, its parameters as they are; resolves when that is done. */
export const replaceTemplate = (
  context: Context,
  { id, parameterNames }: OwnerStack,
  template: string,
): Promise<void> =>
  withHandedOver(context, template, async (handedOver) => {
    await context.aws.cloudFormation.send(
      new UpdateStackCommand({
        StackName: id,
        ...handedOver,
        Parameters: parameterNames.map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
        Capabilities: ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
      }),
    );
    await waitFor(context, id, "UPDATE_COMPLETE");
  });

/** Deletes a stack, and what it does not retain; resolves when that is done. */
export const deleteStack = async (context: Context, { id }: OwnerStack): Promise<void> => {
  await context.aws.cloudFormation.send(new DeleteStackCommand({ StackName: id }));
  await waitFor(context, id, "DELETE_COMPLETE");
};

/** By its id: the name of a deleted stack is nobody's. */
const waitFor = async (context: Context, id: string, wanted: string): Promise<void> => {
  for (;;) {
    const { StackStatus = "DELETE_COMPLETE", StackStatusReason = "no reason given" } =
      (await describeStack(context, id)) ?? {};
    if (StackStatus === wanted) return;
    if (!StackStatus.endsWith("_IN_PROGRESS"))
      throw new ObstacleError(`the stack is in ${StackStatus}: ${StackStatusReason}`, {
        hint: "Correct what it says, then run the command again",
      });
    await context.clock.wait(POLL_MS, context.signal);
  }
};
