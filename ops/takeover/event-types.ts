import { DescribeRuleCommand, ListTargetsByRuleCommand } from "@aws-sdk/client-eventbridge";
import { GetScheduleCommand } from "@aws-sdk/client-scheduler";
import { ifFound, type ResourceType, textOf } from "./resource-type.ts";

export const eventRule: ResourceType = {
  find: async ({ aws, signal }, config) => {
    const Name = textOf(config, "name");
    const found = await ifFound(() =>
      aws.eventBridge.send(new DescribeRuleCommand({ Name }), { abortSignal: signal }),
    );
    return found === undefined ? undefined : Name;
  },
};

export const eventTarget: ResourceType = {
  find: async ({ aws, signal }, config) => {
    const [Rule, id] = [textOf(config, "rule"), textOf(config, "target_id")];
    const found = await ifFound(() =>
      aws.eventBridge.send(new ListTargetsByRuleCommand({ Rule }), { abortSignal: signal }),
    );
    return found?.Targets?.some(({ Id }) => Id === id) === true ? `${Rule}/${id}` : undefined;
  },
};

export const schedule: ResourceType = {
  find: async ({ aws, signal }, config) => {
    const Name = textOf(config, "name");
    const found = await ifFound(() =>
      aws.scheduler.send(new GetScheduleCommand({ Name }), { abortSignal: signal }),
    );
    return found === undefined ? undefined : `default/${Name}`;
  },
};
