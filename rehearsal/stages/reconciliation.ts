import { DeleteServiceCommand } from "@aws-sdk/client-ecs";
import { judge } from "../../checklist/check.ts";
import type { Stage } from "../../checklist/stage.ts";
import { readStatuses } from "../tenants.ts";
import type { RehearsalContext } from "../context.ts";
import { judgeExit } from "../judge-exit.ts";

/** A row behind its service: the event that it has become steady was lost. */
const LATE = "is-on-its-way";
/** A service that was deleted, of which ECS sends no event. */
const DELETED = "deploys";

/** Rows that disagree with ECS are found and repaired. */
export const reconciliation = (context: RehearsalContext): Stage => {
  const { dev } = context;
  const reconcile = async (args: string) => {
    const { exitCode, stdout } = await context.ops(dev, `reconcile dev --json ${args}`);
    const { result } = JSON.parse(stdout) as {
      result?: { drift?: { tenantId: string }[]; blownFuse?: string };
    };
    return {
      exitCode,
      blownFuse: result?.blownFuse,
      drifted: (result?.drift ?? []).map(({ tenantId }) => tenantId).sort(),
    };
  };
  return {
    title: "Reconciliation",
    runs: "until-failure",
    checks: [
      {
        title: "ops reconcile dev finds the planted drift",
        run: async () => {
          await dev.account.aws.ecs.send(
            new DeleteServiceCommand({
              cluster: dev.environment.cluster,
              service: `tenant-${DELETED}`,
              force: true,
            }),
          );
          const { exitCode, drifted } = await reconcile("");
          return judge(
            exitCode === 1 && drifted.includes(LATE) && drifted.includes(DELETED),
            `exit code ${exitCode}, drift of ${drifted.join(", ")}`,
            `exit code 1, drift of ${DELETED} and ${LATE}`,
          );
        },
      },
      {
        title: "ops reconcile dev --apply changes nothing: it would change more than the fuse allows",
        run: async () => {
          const { exitCode, blownFuse } = await reconcile("--apply");
          const found = await readStatuses(dev, [DELETED, LATE]);
          return judge(
            exitCode === 1 && blownFuse !== undefined && found[DELETED] !== "DEPROVISIONED",
            `exit code ${exitCode}, ${blownFuse ?? "the fuse holds"}, ${JSON.stringify(found)}`,
            `exit code 1, the fuse has blown, ${DELETED} as before`,
          );
        },
      },
      {
        title: "ops reconcile dev --apply --force repairs it",
        run: async () => {
          const { exitCode } = await reconcile("--apply --force --reason rehearsed");
          const found = await readStatuses(dev, [DELETED, LATE]);
          return judge(
            exitCode === 0 && found[DELETED] === "DEPROVISIONED" && found[LATE] === "ACTIVE",
            `exit code ${exitCode}, ${JSON.stringify(found)}`,
            `exit code 0, ${DELETED} DEPROVISIONED, ${LATE} ACTIVE`,
          );
        },
      },
      {
        title: "ops reconcile dev finds nothing more",
        run: async () => judgeExit(await context.ops(dev, "reconcile dev")),
      },
    ],
  };
};
