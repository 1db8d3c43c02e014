import { type Check, pass } from "../../checklist/check.ts";
import type { Context } from "../context.ts";
import { type Alias, createAlias, moveAlias } from "../aws/lambda/alias.ts";
import { stampOf } from "../aws/lambda/release-history.ts";
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
}

/** Remembers the live version under a name of its own, then moves the alias away from it. */
export const moveLiveAlias = (
  context: Context,
  { live, target, reason, action, rememberAs }: Move,
): readonly Check[] => {
  const { names, clock, audit, identity } = context;
  return [
    {
      title: "Live version remembered",
      preview: async () => `create the alias ${rememberAs}<UTC time> for version ${(await live()).version}`,
      run: async () => {
        const { version } = await live();
        const name = `${rememberAs}${stampOf(clock.now())}`;
        const description = `live until the ${describe(action, (await target()).number)}: ${reason()}`;
        await createAlias(context, { name, version, description });
        return pass(`${name} is version ${version}`);
      },
    },
    {
      title: "Alias moved",
      preview: async () =>
        `move ${names.aliasName} from version ${(await live()).version} to ${(await target()).number}`,
      run: async () => {
        const alias = await live();
        const { number, codeSha256 } = await target();
        const at = clock.now().toISOString();
        const description = `${describe(action, number)} at ${at}, before: version ${alias.version}: ${reason()}`;
        await moveAlias(context, { alias, version: number, description });
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
