import { paginateListSubscriptionsByTopic } from "@aws-sdk/client-sns";
import { type Check, fail, judge, pass } from "../../checklist/check.ts";
import type { Context } from "../context.ts";

/** What SNS says in place of an ARN. */
const PENDING = "PendingConfirmation";

/**
 * The alarms reach all whom they are for. A deployment makes a subscription, and only the subscriber confirms it.
 * @param released a deployment that has just been made: it does not wait for people.
 */
export const alarmSubscribers = (context: Context, released: boolean): Check => ({
  title: "Subscribers of the alarms",
  run: async () => {
    const { notificationEmails, notificationEndpoints = [] } = context.environment;
    const wanted = [...notificationEmails, ...notificationEndpoints];
    const expected = `all ${wanted.length} confirmed`;
    const arns = await readSubscriptions(context);
    if (arns === undefined) return fail("there is no topic", expected);
    const missing = wanted
      .filter((endpoint) => !arns.has(endpoint))
      .map((endpoint) => `${shown(endpoint)} missing`);
    const pending = wanted
      .filter((endpoint) => arns.get(endpoint) === PENDING)
      .map((endpoint) => `${shown(endpoint)} has not confirmed: no alarm reaches it`);
    if (released && missing.length === 0 && pending.length > 0) return pass(pending.join(", "), expected);
    const troubles = [...missing, ...pending];
    return judge(troubles.length === 0, troubles.join(", ") || expected, expected);
  },
});

/** ARN by address; undefined when there is no such topic. */
const readSubscriptions = async ({
  aws,
  names,
  signal,
}: Context): Promise<ReadonlyMap<string, string> | undefined> => {
  const arns = new Map<string, string>();
  try {
    for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic(
      { client: aws.sns },
      { TopicArn: names.topicArn },
      { abortSignal: signal },
    ))
      for (const { Endpoint = "", SubscriptionArn = "" } of Subscriptions)
        arns.set(Endpoint, SubscriptionArn);
    return arns;
  } catch (error) {
    if (error instanceof Error && error.name === "NotFoundException") return undefined;
    throw error;
  }
};

/** The rest of an https endpoint is its key. */
const shown = (endpoint: string): string =>
  endpoint.startsWith("https://") ? `https://${new URL(endpoint).hostname}/…` : endpoint;
