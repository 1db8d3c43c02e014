import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { type Check, fail, pass, skip } from "../../checklist/check.ts";
import { deadLetterQueuePolicy } from "../../stacks/dead-letter-queue-policy.ts";
import { findPolicyDifferences } from "../../stacks/role-differences.ts";
import { findQueueUrl } from "../aws/sqs/queue-url.ts";
import type { Context } from "../context.ts";
import { parseJson } from "../../checklist/parse-json.ts";

/**
 * Without its policy the dead-letter queue takes nothing from EventBridge, and what cannot be delivered is lost; with a wider one
 * others can put events there that a replay would write to a tenant's row.
 * @param mayOthers whether others may send, too: an old version in the middle of a takeover.
 */
export const deadLetterPolicyCheck = (context: Context, mayOthers = false): Check => ({
  title: "Policy of the dead-letter queue",
  run: async () => {
    if (mayOthers) return skip("an old version may send, too");
    const { aws, environment, signal } = context;
    const expected = "takes from the two rules and from the function, and from nobody else";
    const { Attributes: { Policy = "{}" } = {} } = await aws.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: await findQueueUrl(context),
        AttributeNames: ["Policy"],
      }),
      { abortSignal: signal },
    );
    const differences = findPolicyDifferences([parseJson(Policy)], [deadLetterQueuePolicy(environment)]);
    return differences.length === 0
      ? pass(expected)
      : {
          ...fail(differences.join("; "), expected),
          hint: "Deploy again",
          next: `npm run ops -- deploy ${environment.environment}`,
        };
  },
});
