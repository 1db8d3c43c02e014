import { GetObjectCommand } from "@aws-sdk/client-s3";
import { resourceNames } from "../../envs/resource-names.ts";
import { judge, pass } from "../../checklist/check.ts";
import { listDeployed } from "../inventory.ts";
import type { Stage } from "../../checklist/stage.ts";
import { readRows } from "../tenants.ts";
import type { Place, RehearsalContext } from "../context.ts";
import { judgeExit } from "../judge-exit.ts";

/** The end: all that was deployed goes, and nothing else. */
export const destruction = (context: RehearsalContext): Stage => {
  const places = [context.dev, context.sit];
  let rowsBefore = "";
  const countRows = async (): Promise<string> =>
    (await Promise.all(places.map(async (place) => (await readRows(place)).size))).join(" and ");
  return {
    title: "Destruction",
    runs: "until-failure",
    checks: [
      {
        title: "cdktf destroy dev, sit",
        run: async () => {
          rowsBefore = await countRows();
          const findings = await Promise.all(
            places.map(async (place) =>
              judgeExit(
                await context.cdktf(place, `destroy ${place.environment.environment} --auto-approve`),
              ),
            ),
          );
          return findings.find(({ outcome }) => outcome === "fail") ?? pass("both");
        },
      },
      ...places.map((place) => ({
        title: `Nothing is left of ${place.environment.environment}`,
        run: async () => {
          const left = [...(await listDeployed(place)), ...(await listInState(place))];
          return judge(left.length === 0, left.join(", ") || "nothing", "nothing");
        },
      })),
      {
        title: "The tenants' rows are all there",
        run: async () => {
          const rows = await countRows();
          return judge(rows === rowsBefore, `${rows} rows`, `${rowsBefore} rows`);
        },
      },
    ],
  };
};

const listInState = async ({ account: { aws }, environment }: Place): Promise<readonly string[]> => {
  const { stateBucketName, stateKey } = resourceNames(environment);
  const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: stateBucketName, Key: stateKey }));
  const { resources = [] } = JSON.parse((await Body?.transformToString()) ?? "{}") as {
    resources?: { type: string }[];
  };
  return resources.map(({ type }) => type);
};
