import { type Check, pass, skip } from "../../checklist/check.ts";
import { ObstacleError } from "../../checklist/errors.ts";
import { shortIdentity } from "../aws/short-identity.ts";
import type { Context } from "../context.ts";
import {
  type Alias,
  createAlias,
  deleteAlias,
  listAliases,
  moveAlias,
  readLiveAlias,
  shortenDescription,
} from "../aws/lambda/alias.ts";
import { describeTraffic, isWhole, versionLeft } from "../aws/lambda/alias-traffic.ts";
import { explainAwsError } from "../aws/explain-error.ts";
import { findOrigin, recordOf } from "../aws/lambda/live-period.ts";
import { stampOf } from "../aws/lambda/release-history.ts";
import { describeRecord, type Origin } from "../aws/lambda/release-record.ts";
import type { Version } from "../aws/lambda/version.ts";

export interface Move {
  /** The alias as it was read before anything was decided. */
  readonly live: () => Promise<Alias>;
  readonly target: () => Promise<Version>;
  /** Asked when it is needed: it may be known late. */
  readonly reason: () => string;
  readonly action: "release" | "rollback";
  /** The name that remembers the version left behind begins with this. */
  readonly rememberAs: string;
  /** Where the target's code comes from; undefined for what the aliases tell of it. */
  readonly origin: () => Promise<Origin | undefined>;
  /** How many dead letters there are, to be remembered. */
  readonly deadLetters: () => Promise<number | undefined>;
  /** Hears when the target has gone live. */
  readonly onMoved: (at: Date, version: string) => void;
}

/** Remembers the live version under a name of its own, then moves the alias away from it. */
export const moveLiveAlias = (
  context: Context,
  { live, target, reason, action, rememberAs, origin, deadLetters, onMoved }: Move,
): readonly Check[] => {
  const { names, clock, audit, identity } = context;
  let remembered: string | undefined;
  const left = async (): Promise<string | undefined> => versionLeft(await live(), (await target()).number);
  return [
    {
      title: "Live version remembered",
      skip: async () =>
        (await left()) === undefined ? `${(await live()).version} is no version to return to` : undefined,
      preview: async () => `create the alias ${rememberAs}<UTC time> for version ${(await left()) ?? "none"}`,
      run: async () => {
        const version = await left();
        if (version === undefined) return skip("nothing is left");
        const alias = { ...(await live()), version };
        const name = `${rememberAs}${stampOf(clock.now())}`;
        // What the live alias tells of its version, commit and all, stays readable under the new name.
        const description =
          recordOf(alias) === undefined
            ? `live until the ${describe(action, (await target()).number)}: ${reason()}`
            : alias.description;
        await createAlias(context, { name, version, description });
        if (context.signal.aborted) {
          await forget(context, name, undefined);
          return skip("interrupted; nothing was changed");
        }
        remembered = name;
        return pass(`${name} is version ${version}`);
      },
    },
    {
      title: "Alias moved",
      preview: async () =>
        `move ${names.aliasName} from ${describeTraffic(await live())} to ${(await target()).number}`,
      run: async () => {
        const alias = await live();
        const { number, codeSha256 } = await target();
        const at = clock.now();
        let description: string | undefined;
        try {
          description = describeRecord({
            action,
            version: number,
            at,
            before: await left(),
            origin: (await origin()) ?? findOrigin(number, alias, await listAliases(context), names),
            deadLetters: await deadLetters(),
            by: shortIdentity((await identity()).arn),
            reason: reason(),
          });
          await moveAlias(context, { alias, version: number, description });
        } catch (error) {
          if (remembered !== undefined) await forget(context, remembered, description);
          throw error;
        }
        onMoved(at, number);
        audit({
          message: `Alias ${names.aliasName} moved`,
          action,
          from: alias.version,
          to: number,
          codeSha256,
          reason: reason(),
          by: (await identity()).arn,
        });
        return pass(`${names.aliasName} is at version ${number}, was ${wasAt(alias)}`);
      },
    },
  ];
};

/** `7`; and all of it when somebody had set more by hand. */
const wasAt = (alias: Alias): string => (isWhole(alias) ? alias.version : describeTraffic(alias));

/**
 * Nothing was left behind, so nothing must look like it: a checkpoint of the live version would make it one that was rolled
 * back. Not when the move has happened although AWS's answer was lost. It is done after Ctrl-C, too.
 * @param description of the move; undefined when it was not tried.
 */
const forget = async (context: Context, name: string, description: string | undefined): Promise<void> => {
  try {
    const live =
      description === undefined
        ? undefined
        : await readLiveAlias({ ...context, signal: new AbortController().signal });
    if (description === undefined || live?.description !== shortenDescription(description))
      await deleteAlias(context, name);
  } catch (error) {
    // Why the move failed is what counts, and it is most likely the same.
    if (!(error instanceof ObstacleError) && explainAwsError(error) === undefined) throw error;
  }
};

const describe = (action: Move["action"], version: string): string =>
  action === "release" ? `release of version ${version}` : `rollback to version ${version}`;
