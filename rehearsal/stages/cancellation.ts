import { GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { judge } from "../../checklist/check.ts";
import type { Stage } from "../../checklist/stage.ts";
import { resourceNames } from "../../envs/resource-names.ts";
import { changeSources } from "../builds.ts";
import type { Place, RehearsalContext } from "../context.ts";
import { judgeExit } from "../judge-exit.ts";
import { startHoldingNetwork } from "../emulator/holding-network.ts";
import type { Ended } from "../programs.ts";
import { liveVersion } from "../versions.ts";

/** A job is cancelled in the middle of an apply: nothing is left locked, and what was done is in the state. */
export const cancellation = (context: RehearsalContext): Stage => {
  const { dev } = context;
  let liveBefore = "";
  return {
    title: "A cancelled deployment",
    runs: "until-failure",
    checks: [
      {
        title: "A step that deploys dev is cancelled in the middle of its apply: exit code 130",
        run: async () => {
          liveBefore = await liveVersion(dev);
          await changeSources(dev, "cancelled");
          await changeLogRetention(dev);
          const ended = await deployAndCancel(context, dev);
          return judgeExit({ ...ended, stdout: `exit code ${ended.exitCode}` }, 130);
        },
      },
      {
        title: "The state has what Terraform had done by then",
        run: async () => {
          const days = await logRetentionInState(dev);
          return judge(days === RETENTION_DAYS, `logs kept for ${days} days`, `${RETENTION_DAYS} days`);
        },
      },
      {
        title: "The state's lock is released",
        run: async () => {
          const isLocked = await isStateLocked(dev);
          return judge(!isLocked, isLocked ? "locked" : "no lock", "no lock");
        },
      },
      {
        title: "Live is what was live before",
        run: async () => {
          const live = await liveVersion(dev);
          return judge(live === liveBefore, `version ${live}`, `version ${liveBefore}`);
        },
      },
      {
        title: "ops deploy dev, once more, does the rest",
        run: async () => judgeExit(await context.ops(dev, 'deploy dev --reason "after the cancellation"')),
      },
      {
        title: "The alias has moved",
        run: async () => {
          const live = await liveVersion(dev);
          return judge(live !== liveBefore, `version ${live}`, `another than ${liveBefore}`);
        },
      },
    ],
  };
};

/**
 * Cancels as GitHub does: SIGINT to the step's shell alone, SIGTERM 7.5 s later. Not the clock decides when, but where Terraform is: the
 * first comes while it uploads the code, the second while it saves its state.
 */
const deployAndCancel = async (context: RehearsalContext, place: Place): Promise<Ended> => {
  const network = await startHoldingNetwork(place.account.variables["AWS_ENDPOINT_URL"] ?? "");
  const upload = network.hold("PUT", /\/functions\/[^/]+\/code$/);
  const save = network.hold("PUT", /\.tfstate$/);
  let shell = 0;
  const ended = context.step(
    place,
    'exec node --import tsx ci/main.ts ops deploy dev --reason="is cancelled"',
    {
      variables: { AWS_ENDPOINT_URL: network.endpoint, AWS_ENDPOINT_URL_STS: network.endpoint },
      onStarted: (pid) => {
        shell = pid;
      },
    },
  );
  try {
    if (await happensBefore(upload.arrived, ended)) process.kill(shell, "SIGINT");
    if (await happensBefore(save.arrived, ended)) process.kill(shell, "SIGTERM");
    // Uploaded, and not published: the most that an interruption can leave undone.
    await upload.release();
    await save.release();
    return await ended;
  } finally {
    network.close();
  }
};

/** False when the program ended without it. */
const happensBefore = (event: Promise<void>, ended: Promise<Ended>): Promise<boolean> =>
  Promise.race([event.then(() => true), ended.then(() => false)]);

/** Other than that of any environment: the log group changes before the function, which needs it, does. */
const RETENTION_DAYS = 60;

const changeLogRetention = async ({ workspace, environment }: Place): Promise<void> => {
  const path = join(workspace, "envs", `${environment.environment}.json`);
  const file = JSON.parse(await readFile(path, "utf8")) as object;
  await writeFile(path, JSON.stringify({ ...file, logRetentionDays: RETENTION_DAYS }));
};

const logRetentionInState = async ({ account: { aws }, environment }: Place): Promise<number | undefined> => {
  const { stateBucketName, stateKey } = resourceNames(environment);
  const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: stateBucketName, Key: stateKey }));
  const { resources } = JSON.parse((await Body?.transformToString()) ?? "") as {
    resources: { type: string; name: string; instances: { attributes: { retention_in_days?: number } }[] }[];
  };
  const logGroup = resources.find(
    ({ type, name }) => type === "aws_cloudwatch_log_group" && name === "log-group",
  );
  return logGroup?.instances[0]?.attributes.retention_in_days;
};

/** @see https://developer.hashicorp.com/terraform/language/backend/s3#state-locking */
const isStateLocked = async ({ account: { aws }, environment }: Place): Promise<boolean> => {
  const { stateBucketName, stateKey } = resourceNames(environment);
  try {
    await aws.s3.send(new HeadObjectCommand({ Bucket: stateBucketName, Key: `${stateKey}.tflock` }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "NotFound") return false;
    throw error;
  }
};
