import { type Check, pass } from "../../checklist/check.ts";
import type { Context } from "../context.ts";
import { deleteAlias, listAliases, readLiveAlias } from "../aws/lambda/alias.ts";
import { findOutdated, readReleaseHistory } from "../aws/lambda/release-history.ts";

/** Removes the backups or checkpoints that are not worth keeping; the versions themselves stay. */
export const pruneAliases = (context: Context, kind: "backups" | "checkpoints"): Check => {
  const findNames = async (): Promise<readonly string[]> => {
    const history = readReleaseHistory(await listAliases(context), context.names);
    return findOutdated(history[kind], await readLiveAlias(context)).map(({ name }) => name);
  };
  return {
    title: `Old ${kind}`,
    preview: async () => `remove ${describe(await findNames())}`,
    run: async () => {
      const outdated = await findNames();
      for (const name of outdated) await deleteAlias(context, name);
      return pass(`removed ${describe(outdated)}`);
    },
  };
};

const describe = (names: readonly string[]): string => names.join(", ") || "none";
