import {
  type CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
  type Stack,
} from "@aws-sdk/client-cloudformation";
import { ObstacleError } from "../../../checklist/errors.ts";
import type { Context } from "../../context.ts";

/** A stack of CloudFormation's, SAM's among them. */
export interface OwnerStack {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly isProtected: boolean;
  readonly parameterNames: readonly string[];
  readonly resources: readonly OwnedResource[];
  /** As CloudFormation works with it, transforms applied. */
  readonly template: string;
}

export interface OwnedResource {
  readonly logicalId: string;
  /** `AWS::Lambda::Function` */
  readonly type: string;
  readonly physicalId: string;
}

type StackContext = Pick<Context, "aws" | "signal">;

/** Undefined when there is no stack of this name or ARN. */
export const findStack = async (
  context: StackContext,
  StackName: string,
): Promise<OwnerStack | undefined> => {
  const stack = await describeStack(context, StackName);
  if (stack === undefined || stack.StackStatus === "DELETE_COMPLETE") return undefined;
  const { aws, signal } = context;
  const { TemplateBody = "" } = await aws.cloudFormation.send(
    new GetTemplateCommand({ StackName, TemplateStage: "Processed" }),
    { abortSignal: signal },
  );
  return {
    id: stack.StackId ?? StackName,
    name: stack.StackName ?? StackName,
    status: stack.StackStatus ?? "unknown",
    isProtected: stack.EnableTerminationProtection ?? false,
    parameterNames: (stack.Parameters ?? []).map(({ ParameterKey = "" }) => ParameterKey),
    resources: await listResources(aws.cloudFormation, StackName, signal),
    template: TemplateBody,
  };
};

export const describeStack = async (
  { aws, signal }: StackContext,
  StackName: string,
): Promise<Stack | undefined> => {
  try {
    const { Stacks = [] } = await aws.cloudFormation.send(new DescribeStacksCommand({ StackName }), {
      abortSignal: signal,
    });
    return Stacks[0];
  } catch (error) {
    // CloudFormation has no word of its own for it.
    if (error instanceof Error && error.message.includes("does not exist")) return undefined;
    throw error;
  }
};

const listResources = async (
  client: CloudFormationClient,
  StackName: string,
  abortSignal: AbortSignal,
): Promise<readonly OwnedResource[]> => {
  const resources: OwnedResource[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources(
    { client },
    { StackName },
    { abortSignal },
  ))
    for (const {
      LogicalResourceId: logicalId = "",
      ResourceType: type = "",
      PhysicalResourceId: physicalId = "",
      ResourceStatus,
    } of StackResourceSummaries)
      if (ResourceStatus !== "DELETE_COMPLETE") resources.push({ logicalId, type, physicalId });
  return resources;
};

/** @throws {ObstacleError} saying what to do about a stack in which something is under way, or went wrong. */
export const requireSettled = ({ name, status }: OwnerStack): void => {
  if (SETTLED.has(status)) return;
  throw new ObstacleError(`the stack ${name} is in ${status}`, {
    hint: status.endsWith("_IN_PROGRESS")
      ? "Wait until it has finished"
      : status === "UPDATE_ROLLBACK_FAILED"
        ? "Bring it into UPDATE_ROLLBACK_COMPLETE first"
        : "Bring it into a COMPLETE state first",
    next:
      status === "UPDATE_ROLLBACK_FAILED"
        ? `aws cloudformation continue-update-rollback --stack-name ${name}`
        : undefined,
  });
};

const SETTLED: ReadonlySet<string> = new Set([
  "CREATE_COMPLETE",
  "UPDATE_COMPLETE",
  "UPDATE_ROLLBACK_COMPLETE",
  "IMPORT_COMPLETE",
  "IMPORT_ROLLBACK_COMPLETE",
]);
