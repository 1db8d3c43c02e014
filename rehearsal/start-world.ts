import { appendFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "../envs/environment.ts";
import { loadEnvironment } from "../envs/load.ts";
import { resourceNames } from "../envs/resource-names.ts";
import type { Aws } from "../ops/aws/clients.ts";
import { providerMirrorVariables } from "../stacks/terraform/provider-mirror.ts";
import { type Account, signIn } from "./emulator/account.ts";
import { connectTo, type GivenEmulator } from "./emulator/given-emulator.ts";
import { startMoto } from "./emulator/moto/moto.ts";
import { createAsyncInvocations } from "./emulator/lambda/async-invocations.ts";
import { startFunctionNetwork } from "./emulator/lambda/function-network.ts";
import { createFunctionRunner } from "./emulator/lambda/function-runner.ts";
import { startRunnerServer } from "./emulator/lambda/runner-server.ts";
import type { LambdaRuntime } from "./emulator/lambda/sandbox.ts";
import type { EnvironmentVariables } from "../stacks/terraform/environment-variables.ts";
import { createWorkspace } from "./workspace.ts";
import { type Place, World } from "./world.ts";

export interface WorldOptions {
  /** An emulator that is running, or the Python that has moto. */
  readonly emulator: GivenEmulator | { readonly python: string };
  readonly runtime: LambdaRuntime;
  /** For all that the rehearsal writes. */
  readonly folder: string;
  /** This machine's, nothing of AWS in them. */
  readonly variables: EnvironmentVariables;
  readonly signal: AbortSignal;
  /** Hears of events that got lost, which must not be. */
  readonly onLoss: (message: string) => void;
  /** Hears of each thing that runs, and how to stop it. To be stopped in reverse order. */
  readonly onStarted: (stop: () => unknown) => void;
}

/** Lambda waits one and two minutes before it tries again: here 0.6 and 1.2 s. */
const TIME_SCALE = 0.01;
const SANDBOXES = 4;

/** Starts the emulator and all around it, and signs in to the three accounts. */
export const startWorld = async ({
  emulator: emulatorOptions,
  runtime,
  folder,
  variables,
  signal,
  onLoss,
  onStarted,
}: WorldOptions): Promise<World> => {
  const accounts = new Map<string, Account>();
  const awsOf = (accountId: string): Aws => {
    const account = accounts.get(accountId);
    if (account === undefined) throw new Error(`Nobody signed in to account ${accountId}`);
    return account.aws;
  };

  // The emulator has to know the runner, and the function's network the emulator.
  let networkEndpoint = "";
  const runner = createFunctionRunner({
    runtime,
    folder: join(folder, "code"),
    awsOf,
    networkEndpoint: () => networkEndpoint,
    onExecuted: (attempt) => {
      appendFileSync(join(folder, "invocations.log"), `${JSON.stringify(attempt)}\n`);
    },
    concurrency: SANDBOXES,
  });
  onStarted(() => runner.close());
  const asyncInvocations = createAsyncInvocations({ awsOf, timeScale: TIME_SCALE, onLoss });
  const runnerServer = await startRunnerServer(
    runner,
    asyncInvocations,
    "endpoint" in emulatorOptions ? emulatorOptions.runnerPort : undefined,
  );
  onStarted(() => {
    runnerServer.close();
  });
  const emulator =
    "endpoint" in emulatorOptions
      ? await connectTo(emulatorOptions)
      : await startMoto({ ...emulatorOptions, env: variables, folder, runnerUrl: runnerServer.url });
  onStarted(() => emulator.stop());
  const network = await startFunctionNetwork(emulator.endpoint);
  networkEndpoint = network.endpoint;
  onStarted(() => {
    network.close();
  });

  const enter = async (environment: Environment): Promise<Place> => {
    const { deployRoleArn } = resourceNames(environment);
    const account = await signIn(emulator.endpoint, environment.region, deployRoleArn);
    accounts.set(environment.accountId, account);
    const workspace = join(folder, environment.environment);
    await createWorkspace(workspace);
    return { environment, account, workspace };
  };
  const pluginCache = join(folder, "terraform-plugins");
  await mkdir(pluginCache);
  return new World({
    emulator,
    runner,
    asyncInvocations,
    network,
    places: {
      dev: await enter(loadEnvironment("dev")),
      sit: await enter(loadEnvironment("sit")),
      prod: await enter(loadEnvironment("prod")),
    },
    folder,
    variables: {
      ...variables,
      ...providerMirrorVariables(variables, join(folder, "terraform.tfrc")),
      // cdktf's own choice may be the very folder that the providers come from, which Terraform refuses.
      TF_PLUGIN_CACHE_DIR: pluginCache,
      CHECKPOINT_DISABLE: "1",
      // Plain lines, from cdktf as from our own programs.
      CI: "1",
    },
    signal,
  });
};
