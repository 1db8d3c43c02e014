import type { Stage } from "../../checklist/stage.ts";
import { judgeLiveVersion } from "../versions.ts";
import { judgeExit, type World } from "../world.ts";

export const firstDeployment = (world: World): Stage => ({
  title: "First deployment to dev",
  runs: "until-failure",
  checks: [
    {
      title: "ops deploy dev",
      run: async () => judgeExit(await world.ops(world.dev, "deploy dev --reason rehearsal")),
    },
    {
      title: "The alias is at version 1",
      run: () => judgeLiveVersion(world.dev, "1"),
    },
    {
      title: "Planned again, Terraform finds nothing to change",
      run: async () => {
        const ended = await world.terraform(
          world.dev,
          "plan -detailed-exitcode -no-color -input=false -lock=false",
        );
        return judgeExit(ended);
      },
    },
    {
      title: "ops verify dev",
      run: async () => judgeExit(await world.recordedOps("1-verify.txt", world.dev, "verify dev")),
    },
    {
      title: "ops status dev",
      run: async () => judgeExit(await world.ops(world.dev, "status dev")),
    },
  ],
});
