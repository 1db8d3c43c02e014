import { lazy } from "../../checklist/lazy.ts";
import { type Alias, findLiveAlias } from "../aws/lambda/alias.ts";
import { describeTraffic, isWhole } from "../aws/lambda/alias-traffic.ts";
import { recordOf } from "../aws/lambda/live-period.ts";
import { ofReconciler } from "../aws/lambda/reconciler-context.ts";
import { listVersions, type Version } from "../aws/lambda/version.ts";
import type { Context } from "../context.ts";

/**
 * Where the reconciler's alias stands, and where it has to stand beside a version of the handler: both functions are one
 * zip, so at the newest of the reconciler's versions with the same code.
 */
export type ReconcilerPlace =
  /** No deployment has made the function yet. */
  | { readonly kind: "absent" }
  /** The reconciler has no version of that code. */
  | { readonly kind: "older-code"; readonly alias: Alias }
  | { readonly kind: "there"; readonly alias: Alias }
  | {
      readonly kind: "elsewhere";
      readonly alias: Alias;
      readonly target: Version;
      /** Its code is the handler's all the same: only its configuration is older. */
      readonly isSameCode: boolean;
    };

/**
 * `version 6, not version 7, which is of the handler's release; finish the move: npm run ops -- release dev --reason "..."`; all of what
 * somebody has set by hand.
 */
export const describeApart = (
  { environment: { environment } }: Context,
  handler: Alias,
  { alias, target: { number } }: Extract<ReconcilerPlace, { kind: "elsewhere" }>,
): string =>
  `${describeTraffic(alias)}, not ${alias.version === number ? "all to " : ""}version ${number}, which is of the handler's release; finish the move: ` +
  `npm run ops -- ${recordOf(handler)?.action ?? "release"} ${environment} --reason "..."`;

/** @param codeSha256 of the handler's version; asked once. */
export const findReconcilerPlace = (
  context: Context,
  codeSha256: () => Promise<string>,
): (() => Promise<ReconcilerPlace>) =>
  lazy(async () => {
    const reconciler = ofReconciler(context);
    const alias = await findLiveAlias(reconciler);
    if (alias === undefined) return { kind: "absent" };
    const wanted = await codeSha256();
    const versions = (await listVersions(reconciler)).filter(({ codeSha256: code }) => code === wanted);
    const [target] = versions;
    if (target === undefined) return { kind: "older-code", alias };
    if (target.number === alias.version && isWhole(alias)) return { kind: "there", alias };
    const isSameCode = isWhole(alias) && versions.some(({ number }) => number === alias.version);
    return { kind: "elsewhere", alias, target, isSameCode };
  });
