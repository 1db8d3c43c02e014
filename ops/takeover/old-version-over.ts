import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { ObstacleError } from "../../checklist/errors.ts";
import { isObject } from "../../checklist/is-object.ts";
import { explainAwsError } from "../aws/explain-error.ts";
import { statementsOf } from "../aws/policy-statements.ts";
import type { Version } from "../aws/lambda/version.ts";
import { findQueueUrl } from "../aws/sqs/queue-url.ts";
import type { Context } from "../context.ts";

/**
 * Whether a version is one of before a takeover that is finished. It runs in a role of its own; from `adopt --apply` to
 * `adopt --finish` the dead-letter queue's policy names that role. Without it, each event that the version fails to process would
 * be lost, and the role is gone with the old stack.
 */
export const isOver = async (context: Context, { roleArn }: Version): Promise<boolean> => {
  if (roleArn === undefined || roleArn === context.names.roleArn) return false;
  return deniedBy(await readPolicy(context), roleArn);
};

/** @throws {ObstacleError} for such a version. */
export const requireNotOver = async (context: Context, version: Version): Promise<Version> => {
  if (!(await isOver(context, version))) return version;
  throw new ObstacleError(
    `version ${version.number} is of the version before the takeover: it runs in the role ${version.roleArn ?? ""}, which may not park ` +
      "events in the dead-letter queue any more",
    {
      hint: "Once adopt --finish has run there is no way back to it: name a version of since then. Before that, give it its rights back",
      next: `npm run ops -- adopt ${context.environment.environment} --apply`,
    },
  );
};

/** A rollback must not fail because the queue cannot be read. */
const readPolicy = async (context: Context): Promise<string | undefined> => {
  try {
    const { Attributes } = await context.aws.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: await findQueueUrl(context), AttributeNames: ["Policy"] }),
      { abortSignal: context.signal },
    );
    return Attributes?.Policy;
  } catch (error) {
    if (explainAwsError(error) === undefined) throw error;
    return undefined;
  }
};

/** By our own policy (stacks/dead-letter-queue.ts), which refuses everybody whom it does not name. */
const deniedBy = (policy: string | undefined, roleArn: string): boolean =>
  statementsOf(policy).some(({ Effect, Condition }) => {
    const unless =
      isObject(Condition) && isObject(Condition["ArnNotEquals"]) ? Condition["ArnNotEquals"] : {};
    const named = unless["aws:PrincipalArn"];
    return Effect === "Deny" && named !== undefined && ![named].flat().includes(roleArn);
  });
