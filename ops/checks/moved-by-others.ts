import { readLiveAlias } from "../aws/lambda/alias.ts";
import { describeTraffic } from "../aws/lambda/alias-traffic.ts";
import { describeLastMove } from "../aws/lambda/release-record.ts";
import type { Context } from "../context.ts";

/**
 * Why a command rolls nothing back by itself: the version that it has judged is not live any more, and a rollback would leave another one.
 * Undefined when it is live.
 */
export const describeMoveByOthers = async (context: Context, judged: string): Promise<string | undefined> => {
  const live = await readLiveAlias(context);
  return live.version === judged
    ? undefined
    : `someone else has moved the alias from version ${judged} to ${describeTraffic(live)} (${describeLastMove(live) ?? "by hand"})`;
};
