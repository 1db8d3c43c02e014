import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import type { Aws } from "../../../ops/aws/clients.ts";
import { unpackCode } from "./code-store.ts";
import { count, type LogLine, writeLog } from "./function-record.ts";
import type { Invocation, AttemptResult } from "./invocation.ts";
import { type LambdaRuntime, type Sandbox, startSandbox } from "./sandbox.ts";

/** Executes what is deployed: the zip of the version, under AWS's own runtime. */
export interface FunctionRunner {
  /** One attempt. @throws {CodeMismatchError} when the zip is not the deployed one. */
  execute(requestId: string, invocation: Invocation): Promise<AttemptResult & { readonly logTail: string }>;
  /** How many invocations of a function have begun, whatever came of them. */
  invocations(functionName: string): number;
  /** Ends every sandbox of a function, with whatever it is doing, as when their machine fails. Returns how many. */
  killSandboxes(functionName: string): Promise<number>;
  /** As if a function had been deployed with other environment variables; undefined for those that it was deployed with. */
  setVariables(functionName: string, variables: Readonly<Record<string, string>> | undefined): void;
  close(): Promise<void>;
}

export interface FunctionRunnerOptions {
  readonly runtime: LambdaRuntime;
  /** Where zips are unpacked. */
  readonly folder: string;
  readonly awsOf: (accountId: string) => Aws;
  /** Where the function finds AWS. */
  readonly networkEndpoint: () => string;
  /** Hears of every attempt. */
  readonly onExecuted: (attempt: object) => void;
  /** How many sandboxes of one version there may be; further events wait. */
  readonly concurrency: number;
}

interface Warm {
  readonly sandbox: Sandbox;
  /** What it has said and nobody has written down yet. */
  readonly lines: LogLine[];
  isBusy: boolean;
}

export const createFunctionRunner = ({
  runtime,
  folder,
  awsOf,
  networkEndpoint,
  onExecuted,
  concurrency,
}: FunctionRunnerOptions): FunctionRunner => {
  const pools = new Map<string, { warm: Set<Warm>; waiting: (() => void)[]; starting: number }>();
  const invocations = new Map<string, number>();
  const otherVariables = new Map<string, Readonly<Record<string, string>>>();

  const poolOf = (key: string) => {
    const pool = pools.get(key) ?? { warm: new Set(), waiting: [], starting: 0 };
    pools.set(key, pool);
    return pool;
  };

  const start = async (invocation: Invocation): Promise<Warm> => {
    const lines: LogLine[] = [];
    const { sts } = awsOf(invocation.accountId);
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: invocation.configuration.Role, RoleSessionName: "function" }),
    );
    const sandbox = await startSandbox(invocation, {
      runtime,
      taskRoot: await unpackCode(folder, invocation),
      variables: {
        AWS_ENDPOINT_URL: networkEndpoint(),
        AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? "",
        AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? "",
        AWS_SESSION_TOKEN: Credentials?.SessionToken ?? "",
      },
      onLogLine: (message) => {
        if (message !== "") lines.push({ timestamp: Date.now(), message });
      },
    });
    return { sandbox, lines, isBusy: true };
  };

  /** A sandbox for one event: an idle one, a new one, or, when there are enough, the next that is free. */
  const acquire = async (key: string, invocation: Invocation): Promise<Warm> => {
    const pool = poolOf(key);
    for (;;) {
      for (const warm of pool.warm) {
        if (!warm.sandbox.isAlive()) pool.warm.delete(warm);
        else if (!warm.isBusy) {
          warm.isBusy = true;
          return warm;
        }
      }
      if (pool.warm.size + pool.starting < concurrency) {
        pool.starting++;
        try {
          const warm = await start(invocation);
          pool.warm.add(warm);
          return warm;
        } finally {
          pool.starting--;
        }
      }
      await new Promise<void>((resolve) => pool.waiting.push(resolve));
    }
  };

  return {
    execute: async (requestId, invoked) => {
      const invocation = withVariables(invoked, otherVariables.get(invoked.configuration.FunctionName));
      const { accountId, qualifier, configuration } = invocation;
      const { FunctionName, Version, CodeSha256 } = configuration;
      invocations.set(FunctionName, (invocations.get(FunctionName) ?? 0) + 1);
      const key = JSON.stringify([accountId, FunctionName, Version, CodeSha256, configuration.Environment]);
      const warm = await acquire(key, invocation);
      const startedAt = performance.now();
      const outcome = await warm.sandbox.invoke(requestId, invocation);
      onExecuted({ requestId, FunctionName, qualifier, Version, event: invocation.payload, ...outcome });
      // The line of an event is written before its answer, but by another way.
      await new Promise(setImmediate);
      const lines = warm.lines.splice(0);
      warm.isBusy = false;
      poolOf(key).waiting.shift()?.();

      if (outcome.functionError !== undefined) lines.push(platformLine(requestId, outcome));
      const aws = awsOf(accountId);
      await writeLog(aws, configuration.LoggingConfig.LogGroup, warm.sandbox.logStream, lines);
      await count(aws, FunctionName, qualifier, {
        Invocations: 1,
        Errors: outcome.functionError === undefined ? 0 : 1,
        Throttles: 0,
        Duration: performance.now() - startedAt,
      });
      return { ...outcome, logTail: lines.map(({ message }) => message).join("\n") };
    },
    invocations: (functionName) => invocations.get(functionName) ?? 0,
    setVariables: (functionName, variables) => {
      if (variables === undefined) otherVariables.delete(functionName);
      else otherVariables.set(functionName, variables);
    },
    killSandboxes: async (functionName) => {
      const sandboxes = [...pools]
        .filter(([key]) => key.includes(JSON.stringify(functionName)))
        .flatMap(([, { warm }]) => [...warm])
        .filter(({ sandbox }) => sandbox.isAlive());
      await Promise.all(sandboxes.map(({ sandbox }) => sandbox.kill()));
      return sandboxes.length;
    },
    close: async () => {
      const sandboxes = [...pools.values()].flatMap(({ warm }) => [...warm]);
      await Promise.all(sandboxes.map(({ sandbox }) => sandbox.kill()));
    },
  };
};

const withVariables = (
  invocation: Invocation,
  variables: Readonly<Record<string, string>> | undefined,
): Invocation =>
  variables === undefined
    ? invocation
    : {
        ...invocation,
        configuration: {
          ...invocation.configuration,
          Environment: { Variables: { ...invocation.configuration.Environment?.Variables, ...variables } },
        },
      };

/** What Lambda itself writes about an event that failed. */
const platformLine = (requestId: string, { payload }: AttemptResult): LogLine => ({
  timestamp: Date.now(),
  message: JSON.stringify({
    time: new Date().toISOString(),
    type: "platform.runtimeDone",
    record: { requestId, status: payload.includes("Sandbox.Timedout") ? "timeout" : "error" },
  }),
});
