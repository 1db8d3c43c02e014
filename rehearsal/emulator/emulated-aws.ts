import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { Aws } from "../../ops/aws/clients.ts";
import type { EnvironmentVariables } from "../../stacks/terraform/environment-variables.ts";
import { type Account, signIn } from "./account.ts";
import { deliver, type Delivery, type EventBridgeEvent } from "./event-bus.ts";
import type { Emulator } from "./emulator.ts";
import { connectTo, type GivenEmulator } from "./given-emulator.ts";
import { createAsyncInvocations } from "./lambda/async-invocations.ts";
import { type FunctionNetwork, startFunctionNetwork } from "./lambda/function-network.ts";
import { createFunctionRunner, type FunctionRunner } from "./lambda/function-runner.ts";
import { startRunnerServer } from "./lambda/runner-server.ts";
import type { LambdaRuntime } from "./lambda/sandbox.ts";
import { startMoto } from "./moto/moto.ts";

/** All that pretends to be AWS: the emulator, the functions that run for it, and the services' side of events. */
export interface EmulatedAws {
  signIn(accountId: string, region: string, roleArn: string): Promise<Account>;
  /** Another session in an account: what is called in it can be told from what the rehearsal itself calls. */
  openSession(region: string, roleArn: string, sessionName: string): Promise<Account>;
  /** Delivers events as EventBridge does, side by side; resolves when the functions are done with them. */
  send(
    account: Account,
    events: readonly EventBridgeEvent[],
    concurrency: number,
  ): Promise<readonly Delivery[]>;
  readonly functions: FunctionRunner;
  /** What lies between a function and AWS. */
  readonly network: FunctionNetwork;
  readonly restart: Emulator["restart"] | undefined;
}

export interface EmulatedAwsOptions {
  /** An emulator that is running, or the Python that has moto. */
  readonly emulator: GivenEmulator | { readonly python: string };
  readonly runtime: LambdaRuntime;
  /** For code, logs and records. */
  readonly folder: string;
  /** This machine's, nothing of AWS in them. */
  readonly variables: EnvironmentVariables;
  /** Hears of events that got lost, which must not be. */
  readonly onLoss: (message: string) => void;
  /** Hears of each thing that runs, and how to stop it. To be stopped in reverse order. */
  readonly onStarted: (stop: () => unknown) => void;
}

/** Lambda waits one and two minutes before it tries again: here 0.6 and 1.2 s. */
const TIME_SCALE = 0.01;
const SANDBOXES = 4;

export const startEmulatedAws = async ({
  emulator: emulatorOptions,
  runtime,
  folder,
  variables,
  onLoss,
  onStarted,
}: EmulatedAwsOptions): Promise<EmulatedAws> => {
  const accounts = new Map<string, Account>();
  const awsOf = (accountId: string): Aws => {
    const account = accounts.get(accountId);
    if (account === undefined) throw new Error(`Nobody signed in to account ${accountId}`);
    return account.aws;
  };

  // The emulator has to know the runner, and the function's network the emulator.
  let networkEndpoint = "";
  const functions = createFunctionRunner({
    runtime,
    folder: join(folder, "code"),
    awsOf,
    networkEndpoint: () => networkEndpoint,
    onExecuted: (attempt) => {
      appendFileSync(join(folder, "invocations.log"), `${JSON.stringify(attempt)}\n`);
    },
    concurrency: SANDBOXES,
  });
  onStarted(() => functions.close());
  const asyncInvocations = createAsyncInvocations({ awsOf, timeScale: TIME_SCALE, onLoss });
  const runnerServer = await startRunnerServer(
    functions,
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

  return {
    signIn: async (accountId, region, roleArn) => {
      const account = await signIn(emulator.endpoint, region, roleArn);
      accounts.set(accountId, account);
      return account;
    },
    openSession: (region, roleArn, sessionName) => signIn(emulator.endpoint, region, roleArn, sessionName),
    send: async ({ aws }, events, concurrency) => {
      const waiting = events.entries();
      const deliveries: Delivery[] = [];
      await Promise.all(
        Array.from({ length: concurrency }, async () => {
          for (const [index, event] of waiting) deliveries[index] = await deliver(aws, event);
        }),
      );
      await asyncInvocations.settled();
      return deliveries;
    },
    functions,
    network,
    restart: emulator.restart,
  };
};
