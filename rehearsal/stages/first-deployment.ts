import type { Stage } from "../../checklist/stage.ts";
import { judgeLiveVersion } from "../versions.ts";
import type { RehearsalContext } from "../context.ts";
import { judgeExit } from "../judge-exit.ts";

export const firstDeployment = (context: RehearsalContext): Stage => ({
  title: "First deployment to dev",
  runs: "until-failure",
  checks: [
    {
      title: "ops deploy dev",
      run: async () => judgeExit(await context.ops(context.dev, "deploy dev --reason rehearsal")),
    },
    {
      title: "The alias is at version 1",
      run: () => judgeLiveVersion(context.dev, "1"),
    },
    {
      title: "Planned again, Terraform finds nothing to change",
      run: async () => {
        const ended = await context.terraform(
          context.dev,
          "plan -detailed-exitcode -no-color -input=false -lock=false",
        );
        return judgeExit(ended);
      },
    },
    {
      title: "ops verify dev",
      run: async () => judgeExit(await context.recordedOps("1-verify.txt", context.dev, "verify dev")),
    },
    {
      title: "ops status dev",
      run: async () => judgeExit(await context.ops(context.dev, "status dev")),
    },
  ],
});
