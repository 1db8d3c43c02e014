import { fail, judge, pass } from "../../checklist/check.ts";
import type { Stage } from "../../checklist/stage.ts";
import { rightAccount } from "../checks/account.ts";
import { moveLiveAlias } from "../checks/move-alias.ts";
import { pruneAliases } from "../checks/prune-aliases.ts";
import { smokeInvocation } from "../checks/smoke-invocation.ts";
import { declareEnvironmentCommand, DRY_RUN } from "../command.ts";
import type { Context } from "../context.ts";
import { ObstacleError } from "../../checklist/errors.ts";
import { listAliases, readLiveAlias } from "../aws/lambda/alias.ts";
import { readReleaseHistory } from "../aws/lambda/release-history.ts";
import { listVersions, readReadiness } from "../aws/lambda/version.ts";
import { lazy } from "../../checklist/lazy.ts";
import { parseReason } from "./option-parsers.ts";

export const release = declareEnvironmentCommand({
  name: "release",
  summary: "let the newest version take the traffic",
  description:
    "Invokes the newest published version by its number, remembers the live one as backup-<UTC time> and moves the " +
    "alias, unless someone else has moved it meanwhile. The alias's description says when and why. Backups beyond " +
    "the last ten are removed, never of a version in use. Does nothing when the newest version is live already; " +
    "refuses one that was rolled back.",
  examples: [
    "release dev --dry-run",
    'release prod --reason "faster start"',
    'release dev --again --reason "it was the table, not the code"',
  ],
  options: (command) =>
    command
      .option(
        "--reason <text>",
        "why; goes into the alias's description and the audit line",
        parseReason,
        "release",
      )
      .option("--again", "release the newest version although it was rolled back")
      .option("--dry-run", DRY_RUN),
  plan: (context, options) => ({
    runs: "until-failure",
    checks: [rightAccount(context), releaseStage(context, options)],
  }),
});

export interface ReleaseOptions {
  readonly reason: string;
  /** A version that was rolled back may be released, too. */
  readonly again?: true | undefined;
}

/** Everything but the check of the account. */
export const releaseStage = (context: Context, { reason, again }: ReleaseOptions): Stage => {
  const { names } = context;
  const live = lazy(() => readLiveAlias(context));
  const newest = lazy(async () => {
    const [version] = await listVersions(context);
    if (version === undefined)
      throw new ObstacleError(`${names.functionName} has no published version: deploy it first`);
    return version;
  });
  const isLiveAlready = async (): Promise<boolean> => (await newest()).number === (await live()).version;

  return {
    runs: "until-failure",
    checks: [
      {
        title: "Live version",
        run: async () => pass(`${names.aliasName} is at version ${(await live()).version}`),
      },
      {
        title: "Newest version",
        run: async () => {
          const { number } = await newest();
          if (await isLiveAlready()) return pass(`version ${number}, live already`);
          const rollback = readReleaseHistory(await listAliases(context), names).rollbackOf(number);
          if (rollback !== undefined && again !== true)
            return fail(
              `version ${number}, rolled back (${rollback.description}); deploy a better one, or release it --again`,
              "a version that was not rolled back",
            );
          const { state, reason: why } = await readReadiness(context, number);
          return judge(
            state === "Active",
            `version ${number} in state ${state}${why === undefined ? "" : ` (${why})`}`,
            "a version in state Active",
          );
        },
      },
      {
        runs: "until-failure",
        skip: async () => ((await isLiveAlready()) ? "nothing to release" : undefined),
        checks: [
          smokeInvocation(context, async () => (await newest()).number),
          ...moveLiveAlias(context, {
            live,
            target: newest,
            reason: () => reason,
            action: "release",
            rememberAs: names.backupAliasPrefix,
          }),
          pruneAliases(context, "backups"),
        ],
      },
    ],
  };
};
