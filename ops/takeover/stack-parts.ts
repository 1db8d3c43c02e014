import type { OwnedResource } from "../aws/cloudformation/stack.ts";

/** What becomes of the resources of the stack that is taken over. */
export interface StackParts {
  /** Terraform has them from now on, or they are parts of what it has: the stack has to leave them behind. */
  readonly kept: readonly OwnedResource[];
  /** The old version's alone: they go with the stack. */
  readonly leaving: readonly OwnedResource[];
  /** Not this system's: to delete the stack would delete them. */
  readonly foreign: readonly OwnedResource[];
}

export interface StackPartsOptions {
  readonly functionName: string;
  /** Import ids of what Terraform takes over, or has already. */
  readonly ids: readonly string[];
  /** Logical ids of what the template leaves behind already. */
  readonly retained: ReadonlySet<string>;
}

/** Pure. */
export const sortStackParts = (
  resources: readonly OwnedResource[],
  { functionName, ids, retained }: StackPartsOptions,
): StackParts => {
  const known = new Set(ids.map(withoutHost));
  const isTakenOver = ({ type, physicalId }: OwnedResource): boolean =>
    known.has(withoutHost(physicalId)) ||
    (PARTS_OF_FUNCTION.has(type) && physicalId.includes(`:function:${functionName}:`)) ||
    PARTS_WITHOUT_NAME.has(type);
  const kept = resources.filter(isTakenOver);
  const others = resources.filter((resource) => !isTakenOver(resource));
  const leaving = others.filter(({ type }) => LEAVING.has(type));
  return {
    kept,
    leaving,
    foreign: others.filter(({ type, logicalId }) => !LEAVING.has(type) && !retained.has(logicalId)),
  };
};

/** A queue's URL has several hosts, old ones and new ones. */
const withoutHost = (id: string): string => (/^https?:/.test(id) ? new URL(id).pathname : id);

/** Versions that backup aliases point to, and aliases that somebody may use. */
const PARTS_OF_FUNCTION: ReadonlySet<string> = new Set(["AWS::Lambda::Version", "AWS::Lambda::Alias"]);

/** To delete them would take from the function or the queue what the new stack has given it. */
const PARTS_WITHOUT_NAME: ReadonlySet<string> = new Set([
  "AWS::Lambda::EventInvokeConfig",
  "AWS::SQS::QueuePolicy",
]);

const LEAVING: ReadonlySet<string> = new Set([
  "AWS::CloudWatch::Alarm",
  "AWS::CloudWatch::Dashboard",
  "AWS::Events::Rule",
  "AWS::IAM::Policy",
  "AWS::IAM::Role",
  "AWS::Lambda::Permission",
]);
