import { type Check, pass } from "../../checklist/check.ts";
import type { Context } from "../context.ts";
import { type Alias, createAlias, listAliases, moveAlias } from "../aws/lambda/alias.ts";
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
  readonly onMoved: (at: Date) => void;
}

/** Remembers the live version under a name of its own, then moves the alias away from it. */
export const moveLiveAlias = (
  context: Context,
  { live, target, reason, action, rememberAs, origin, deadLetters, onMoved }: Move,
): readonly Check[] => {
  const { names, clock, audit, identity } = context;
  return [
    {
      title: "Live version remembered",
      preview: async () => `create the alias ${rememberAs}<UTC time> for version ${(await live()).version}`,
      run: async () => {
        const alias = await live();
        const name = `${rememberAs}${stampOf(clock.now())}`;
        // What the live alias tells of its version, commit and all, stays readable under the new name.
        const description =
          recordOf(alias) === undefined
            ? `live until the ${describe(action, (await target()).number)}: ${reason()}`
            : alias.description;
        await createAlias(context, { name, version: alias.version, description });
        return pass(`${name} is version ${alias.version}`);
      },
    },
    {
      title: "Alias moved",
      preview: async () =>
        `move ${names.aliasName} from version ${(await live()).version} to ${(await target()).number}`,
      run: async () => {
        const alias = await live();
        const { number, codeSha256 } = await target();
        const at = clock.now();
        const description = describeRecord({
          action,
          version: number,
          at,
          before: alias.version,
          origin: (await origin()) ?? findOrigin(number, alias, await listAliases(context), names),
          deadLetters: await deadLetters(),
          reason: reason(),
        });
        await moveAlias(context, { alias, version: number, description });
        onMoved(at);
        audit({
          message: `Alias ${names.aliasName} moved`,
          action,
          from: alias.version,
          to: number,
          codeSha256,
          reason: reason(),
          by: (await identity()).arn,
        });
        return pass(`${names.aliasName} is at version ${number}, was ${alias.version}`);
      },
    },
  ];
};

const describe = (action: Move["action"], version: string): string =>
  action === "release" ? `release of version ${version}` : `rollback to version ${version}`;
