import { BROKEN, buildZip, changeSources } from "../builds.ts";
import type { Stage } from "../../checklist/stage.ts";
import { judgeLiveVersion, judgeSameCode } from "../versions.ts";
import type { RehearsalContext } from "../context.ts";
import { judgeExit } from "../judge-exit.ts";

/** A second release, a broken one, back, and forth again. */
export const releases = (context: RehearsalContext): Stage => {
  const { dev } = context;
  return {
    title: "Releases",
    runs: "until-failure",
    checks: [
      {
        title: "ops deploy dev, of changed sources",
        run: async () => {
          await changeSources(dev, "second");
          return judgeExit(await context.ops(dev, 'deploy dev --reason "second release"'));
        },
      },
      { title: "The alias has moved", run: () => judgeLiveVersion(dev, "2") },
      { title: "and with it that of the reconciler", run: () => judgeSameCode(dev) },
      {
        title: "ops deploy dev, of a broken build, fails",
        run: async () => {
          const { variables } = await buildZip(context.parts.folder, "broken", BROKEN);
          return judgeExit(await context.ops(dev, 'deploy dev --reason "broken"', variables), 1);
        },
      },
      { title: "The alias has not moved", run: () => judgeLiveVersion(dev, "2") },
      {
        title: "ops rollback dev",
        run: async () =>
          judgeExit(await context.recordedOps("2-rollback.txt", dev, 'rollback dev --reason "rehearsed"')),
      },
      { title: "The first version is live", run: () => judgeLiveVersion(dev, "1") },
      { title: "and that of the reconciler with the same code", run: () => judgeSameCode(dev) },
      {
        title: "ops rollback dev --to 2, back to where it was",
        run: async () => judgeExit(await context.ops(dev, 'rollback dev --to 2 --reason "rehearsed, back"')),
      },
      { title: "The second version is live", run: () => judgeLiveVersion(dev, "2") },
    ],
  };
};
