import { DeleteStackCommand, UpdateStackCommand } from "@aws-sdk/client-cloudformation";
import { ObstacleError } from "../../../checklist/errors.ts";
import type { Context } from "../../context.ts";
import { describeStack, type OwnerStack } from "./stack.ts";

/** The longest template that a request may carry. */
const MAX_TEMPLATE_BYTES = 51_200;

const POLL_MS = 5_000;

/** Gives a stack another template, its parameters as they are; resolves when that is done. */
export const replaceTemplate = async (
  context: Context,
  { id, name, parameterNames }: OwnerStack,
  TemplateBody: string,
): Promise<void> => {
  if (Buffer.byteLength(TemplateBody) > MAX_TEMPLATE_BYTES)
    throw new ObstacleError(`the template of ${name} is longer than ${MAX_TEMPLATE_BYTES} bytes`, {
      hint: "Give the resources that the dry run names DeletionPolicy: Retain by hand, then run the command again",
    });
  await context.aws.cloudFormation.send(
    new UpdateStackCommand({
      StackName: id,
      TemplateBody,
      Parameters: parameterNames.map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
      Capabilities: ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    }),
  );
  await waitFor(context, id, "UPDATE_COMPLETE");
};

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
