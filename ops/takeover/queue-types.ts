import { GetTopicAttributesCommand, paginateListSubscriptionsByTopic } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import type { Context } from "../context.ts";
import { ifFound, type ResourceType, textOf } from "./resource-type.ts";

const findQueue = async ({ aws, signal }: Context, QueueName: string): Promise<string | undefined> =>
  (await ifFound(() => aws.sqs.send(new GetQueueUrlCommand({ QueueName }), { abortSignal: signal })))
    ?.QueueUrl;

export const queue: ResourceType = {
  find: (context, config) => findQueue(context, textOf(config, "name")),
};

export const queuePolicy: ResourceType = {
  find: async (context, config) => {
    const QueueUrl = await findQueue(context, textOf(config, "queue_url"));
    if (QueueUrl === undefined) return undefined;
    const { Attributes } = await context.aws.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["Policy"] }),
      { abortSignal: context.signal },
    );
    return (Attributes?.Policy ?? "") === "" ? undefined : QueueUrl;
  },
};

const findTopic = async (
  { aws, environment: { region, accountId }, signal }: Context,
  name: string,
): Promise<string | undefined> => {
  const TopicArn = `arn:aws:sns:${region}:${accountId}:${name}`;
  const found = await ifFound(() =>
    aws.sns.send(new GetTopicAttributesCommand({ TopicArn }), { abortSignal: signal }),
  );
  return found === undefined ? undefined : TopicArn;
};

export const topic: ResourceType = {
  find: (context, config) => findTopic(context, textOf(config, "name")),
};

/** Every topic has one. */
export const topicPolicy: ResourceType = {
  find: (context, config) => findTopic(context, textOf(config, "arn")),
};

/** One that nobody has confirmed yet has no ARN, and is simply asked for again. */
export const subscription: ResourceType = {
  find: async (context, config) => {
    const TopicArn = await findTopic(context, textOf(config, "topic_arn"));
    if (TopicArn === undefined) return undefined;
    const [protocol, endpoint] = [textOf(config, "protocol"), textOf(config, "endpoint")];
    for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic(
      { client: context.aws.sns },
      { TopicArn },
      { abortSignal: context.signal },
    )) {
      const found = Subscriptions.find(
        ({ Protocol, Endpoint, SubscriptionArn = "" }) =>
          Protocol === protocol && Endpoint === endpoint && SubscriptionArn.startsWith("arn:"),
      );
      if (found !== undefined) return found.SubscriptionArn;
    }
    return undefined;
  },
};
