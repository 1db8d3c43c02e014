import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "../envs/environment.ts";
import { listEnvironments, loadEnvironment } from "../envs/load.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { providerMirrorVariables, substitutionVariables } from "../stacks/terraform/provider-mirror.ts";
import { type EmulatedAwsOptions, startEmulatedAws } from "./emulator/emulated-aws.ts";
import { createWorkspace } from "./workspace.ts";
import { type Place, RehearsalContext } from "./context.ts";

/** The folder is for all that the rehearsal writes. */
export interface RehearsalContextOptions extends EmulatedAwsOptions {
  readonly signal: AbortSignal;
}

/** Starts the emulated AWS, signs in to the three accounts, and copies the sources for each. */
export const startRehearsalContext = async ({
  signal,
  ...options
}: RehearsalContextOptions): Promise<RehearsalContext> => {
  const { folder, variables } = options;
  const aws = await startEmulatedAws(options);
  const enter = async (environment: Environment): Promise<Place> => {
    const { deployRoleArn } = resourceNames(environment);
    const account = await aws.signIn(environment.accountId, environment.region, deployRoleArn);
    const workspace = join(folder, environment.environment);
    await createWorkspace(workspace);
    return { environment, account, workspace };
  };
  const openPlace = async (name: string, accountId: string): Promise<Place> => {
    // A name of its own, not dev: buckets' names are everyone's.
    const place = await enter({ ...loadEnvironment("dev"), environment: name, accountId });
    await replaceEnvironments(place);
    return place;
  };
  return new RehearsalContext({
    aws,
    places: {
      dev: await enter(loadEnvironment("dev")),
      sit: await enter(loadEnvironment("sit")),
      prod: await enter(loadEnvironment("prod")),
    },
    openPlace,
    folder,
    variables: {
      ...variables,
      ...substitutionVariables(variables),
      ...providerMirrorVariables(variables, join(folder, "terraform.tfrc")),
      CHECKPOINT_DISABLE: "1",
      // Plain lines, from cdktf as from our own programs.
      CI: "1",
    },
    signal,
  });
};

/** Leaves the workspace with the one environment. */
const replaceEnvironments = async ({ workspace, environment }: Place): Promise<void> => {
  const folder = join(workspace, "envs");
  for (const other of listEnvironments(folder)) await rm(join(folder, `${other}.json`));
  const file = join(folder, `${environment.environment}.json`);
  await writeFile(file, JSON.stringify(environment, undefined, 2));
};
