import { type Check, fail, pass, skip } from "../../checklist/check.ts";
import { lazy } from "../../checklist/lazy.ts";
import { isNotFound } from "../aws/explain-error.ts";
import { createAlias, findLiveAlias, listAliases } from "../aws/lambda/alias.ts";
import { recordOf } from "../aws/lambda/live-period.ts";
import { ofReconciler } from "../aws/lambda/reconciler-context.ts";
import { readReleaseHistory } from "../aws/lambda/release-history.ts";
import { describeRecord } from "../aws/lambda/release-record.ts";
import { listVersions, readReadiness, type Version } from "../aws/lambda/version.ts";
import { shortIdentity } from "../aws/short-identity.ts";
import type { Context } from "../context.ts";

/**
 * An alias that somebody has deleted comes back at the version that was released last, before Terraform looks: Terraform would
 * create it at the newest version, which perhaps nobody has released.
 */
export const restoreAliases = (context: Context): readonly Check[] => [
  restoreAlias("Live alias", context, ofReconciler(context)),
  restoreAlias("Reconciler's live alias", ofReconciler(context), context),
];

/** @param peer the function whose alias moves with this one's, and so tells where this one was. */
const restoreAlias = (title: string, context: Context, peer: Context): Check => {
  const { names, clock, audit, identity } = context;
  const gone = lazy(async () => {
    if ((await findLiveAlias(context)) !== undefined) return undefined;
    return { released: await findReleased(context, peer) };
  });
  return {
    title,
    preview: async () => {
      const found = await gone();
      if (found === undefined) return "leave the alias where it is";
      const { released } = found;
      return typeof released === "object"
        ? `create ${names.aliasName} again at version ${released.number}`
        : "let Terraform create it";
    },
    run: async () => {
      const found = await gone();
      if (found === undefined) return pass("there");
      const { released } = found;
      if (released === "none") return skip("nothing was released yet: the deployment creates it");
      if (released === "unknown")
        return fail(
          `${names.aliasName} is gone, and no version has the code that was released last; create it by hand, at a version that you trust: ` +
            `aws lambda create-alias --function-name ${names.functionName} --name ${names.aliasName} --function-version N`,
          "an alias",
        );
      const { number, codeSha256 } = released;
      const reason = "the alias was deleted";
      await createAlias(context, {
        name: names.aliasName,
        version: number,
        description: describeRecord({
          action: "release",
          version: number,
          at: clock.now(),
          before: undefined,
          origin: undefined,
          deadLetters: undefined,
          by: shortIdentity((await identity()).arn),
          reason,
        }),
      });
      audit({
        message: `Alias ${names.aliasName} of ${names.functionName} created again`,
        action: "release",
        to: number,
        codeSha256,
        reason,
        by: (await identity()).arn,
      });
      return pass(`${names.aliasName} was gone; it is at version ${number} again, which was released last`);
    },
  };
};

/**
 * What was released last, by what is left that tells: the peer's alias, which is at the same code. Without both, only whether
 * anything was released before; the reconciler's aliases never tell.
 */
const findReleased = async (context: Context, peer: Context): Promise<Version | "none" | "unknown"> => {
  const { backups, checkpoints } = readReleaseHistory(await orNone(listAliases(context)), context.names);
  const whenLost = backups.length + checkpoints.length === 0 ? "none" : "unknown";
  const moved = await findLiveAlias(peer);
  if (moved === undefined) return whenLost;
  const { codeSha256 } = (await readReadiness(peer, moved.version)).version;
  const sameCode = (await orNone(listVersions(context))).filter(
    (version) => version.codeSha256 === codeSha256,
  );
  const at = recordOf(moved)?.at;
  // A newer one may be of a deployment that was never released; where nothing was ever moved, the oldest went live.
  return (
    sameCode.find(({ publishedAt }) => at !== undefined && new Date(publishedAt) <= at) ??
    sameCode.at(-1) ??
    whenLost
  );
};

const orNone = async <T>(listed: Promise<readonly T[]>): Promise<readonly T[]> => {
  try {
    return await listed;
  } catch (error) {
    // Before the first deployment there is no function.
    if (isNotFound(error)) return [];
    throw error;
  }
};
