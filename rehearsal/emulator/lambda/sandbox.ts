import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { type Invocation, invokedArn, type AttemptResult, unhandled } from "./invocation.ts";
import { startRuntimeApi } from "./runtime-api.ts";

/** A process in which one version of a function handles one event after another. */
export interface Sandbox {
  readonly logStream: string;
  /** False once the process has ended: the next event needs another sandbox. */
  isAlive(): boolean;
  /** Never rejects: whatever happens is the function's outcome. */
  invoke(requestId: string, invocation: Invocation): Promise<AttemptResult>;
  /** Ends the process at once, as when its machine fails. */
  kill(): Promise<void>;
}

/** AWS's own runtime: Node, and the client that asks the Runtime API for work. */
export interface LambdaRuntime {
  readonly node: string;
  readonly client: string;
}

export interface SandboxOptions {
  readonly runtime: LambdaRuntime;
  /** The folder with the unpacked zip. */
  readonly taskRoot: string;
  /** Besides those of its configuration: credentials, and where AWS is. */
  readonly variables: Readonly<Record<string, string>>;
  readonly onLogLine: (line: string) => void;
}

/**
 * Starts a sandbox as Lambda does.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export const startSandbox = async (
  { accountId, region, configuration }: Invocation,
  { runtime, taskRoot, variables, onLogLine }: SandboxOptions,
): Promise<Sandbox> => {
  const api = await startRuntimeApi();
  const { FunctionName, Version, Handler, MemorySize, Environment, LoggingConfig } = configuration;
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
  const logStream = `${day}/[${Version}]${randomUUID().replaceAll("-", "")}`;
  const child = spawn(runtime.node, [runtime.client, Handler], {
    cwd: taskRoot,
    // Nothing of this machine's environment: a function sees what Lambda and its configuration give it.
    env: {
      ...Environment?.Variables,
      ...variables,
      PATH: "/usr/local/bin:/usr/bin:/bin",
      HOME: taskRoot,
      TZ: ":UTC",
      AWS_LAMBDA_RUNTIME_API: api.address,
      AWS_LAMBDA_FUNCTION_NAME: FunctionName,
      AWS_LAMBDA_FUNCTION_VERSION: Version,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MemorySize),
      AWS_LAMBDA_LOG_GROUP_NAME: LoggingConfig.LogGroup,
      AWS_LAMBDA_LOG_STREAM_NAME: logStream,
      AWS_LAMBDA_LOG_FORMAT: LoggingConfig.LogFormat === "JSON" ? "JSON" : "TEXT",
      AWS_LAMBDA_LOG_LEVEL: LoggingConfig.ApplicationLogLevel ?? "INFO",
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCOUNT_ID: accountId,
      AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.Runtime}`,
      LAMBDA_TASK_ROOT: taskRoot,
      _HANDLER: Handler,
    },
    stdio: ["ignore", "pipe", "pipe"],
    // The terminal's Ctrl-C is not for the function.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on("line", onLogLine);
  const ended = endOf(child);
  void ended.then(() => {
    api.close();
  });

  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };

  return {
    logStream,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    invoke: async (requestId, invocation) => {
      const { Timeout } = invocation.configuration;
      const exit = ended.then((how) =>
        unhandled("Runtime.ExitError", `RequestId: ${requestId} Error: Runtime exited with error: ${how}`),
      );
      // Loading the function is not part of its time.
      await Promise.race([api.ready, api.initError, exit]);
      const timeout = after(Timeout * 1000);
      const outcome = await Promise.race([
        api.initError,
        api.invoke({
          requestId,
          payload: invocation.payload,
          invokedArn: invokedArn(invocation),
          deadline: new Date(Date.now() + Timeout * 1000),
        }),
        exit,
        timeout.then(() =>
          unhandled(
            "Sandbox.Timedout",
            `RequestId: ${requestId} Error: Task timed out after ${Timeout.toFixed(2)} seconds`,
          ),
        ),
      ]);
      timeout.cancel();
      // A function that did not answer in time does not get another event.
      if (/"errorType":"(Sandbox|Runtime)\./.test(outcome.payload)) await kill();
      return outcome;
    },
    kill,
  };
};

/** How a process ended, in Lambda's words. */
const endOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once("error", (error) => {
      resolve(error.message);
    });
    child.once("close", (code, signal) => {
      resolve(signal === null ? `exit status ${code ?? "unknown"}` : `signal: ${signal}`);
    });
  });

const after = (milliseconds: number): Promise<void> & { cancel: () => void } => {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  return Object.assign(promise, {
    cancel: () => {
      clearTimeout(timer);
    },
  });
};
