import { type Check, pass } from "../../checklist/check.ts";
import { type Alias, listAliases, moveAlias } from "../aws/lambda/alias.ts";
import { isWhole } from "../aws/lambda/alias-traffic.ts";
import { findLivePeriod, recordOf } from "../aws/lambda/live-period.ts";
import { describeOrigin, describeRecord, type Origin } from "../aws/lambda/release-record.ts";
import type { Version } from "../aws/lambda/version.ts";
import { shortIdentity } from "../aws/short-identity.ts";
import type { Context } from "../context.ts";

export interface Recording {
  /** The alias, at the version already. */
  readonly live: () => Promise<Alias>;
  readonly target: () => Promise<Version>;
  readonly reason: string;
  readonly origin: () => Promise<Origin | undefined>;
}

/**
 * Writes down where the code of a version comes from that was live already: that of the very first deployment, whose alias
 * Terraform made, or that of a deployment that changed the infrastructure alone. When it went live stays as it was.
 */
export const recordRelease = (context: Context, { live, target, reason, origin }: Recording): Check => ({
  title: "Origin recorded",
  skip: async () => {
    if ((await target()).number !== (await live()).version || !isWhole(await live()))
      return "the move records it";
    const known = await origin();
    // What a workflow has built stays its own, even when somebody deploys it from a machine.
    const isNews =
      known?.kind === "workflow" ||
      (known?.kind === "machine" && recordOf(await live())?.origin === undefined);
    return isNews ? undefined : "nothing new is known of it";
  },
  preview: async () => `record: ${describeOrigin(await origin())}`,
  run: async () => {
    const alias = await live();
    const { number, publishedAt } = await target();
    const period = findLivePeriod(number, alias, await listAliases(context), context.names);
    const before = period?.record;
    const description = describeRecord({
      action: before?.action ?? "release",
      version: number,
      at: before?.at ?? period?.since ?? new Date(publishedAt),
      before: before?.before,
      origin: await origin(),
      deadLetters: before?.deadLetters,
      by: shortIdentity((await context.identity()).arn),
      reason,
    });
    if (description !== alias.description) await moveAlias(context, { alias, version: number, description });
    return pass(`version ${number}, ${describeOrigin(await origin())}`);
  },
});
