import { OperatorError } from "../../checklist/errors.ts";
import type { EnvironmentVariables } from "../../stacks/terraform/environment-variables.ts";
import type { Emulator } from "./emulator.ts";

/** Where an emulator is that somebody else has started, and where it hands invocations to. */
export interface GivenEmulator {
  readonly endpoint: string;
  readonly runnerPort: number;
}

/**
 * Reads `AWS_ENDPOINT_URL` and `REHEARSAL_RUNNER_URL`; undefined when the first is not set.
 * @throws {OperatorError} when the first leads to AWS itself, or one of them leads nowhere.
 */
export const readGivenEmulator = ({
  AWS_ENDPOINT_URL: endpoint = "",
  REHEARSAL_RUNNER_URL: runnerUrl = "",
}: EnvironmentVariables): GivenEmulator | undefined => {
  if (endpoint === "") return undefined;
  const { hostname } = parseUrl("AWS_ENDPOINT_URL", endpoint);
  if (AWS_HOST.test(hostname))
    throw new OperatorError(`AWS_ENDPOINT_URL is ${endpoint}, which is AWS itself`, {
      hint: "Name an emulator, or unset it: the rehearsal then starts one",
    });
  if (runnerUrl === "")
    throw new OperatorError("AWS_ENDPOINT_URL is set, but not REHEARSAL_RUNNER_URL", {
      hint: "Set it to where that emulator hands a function's invocations to, such as http://127.0.0.1:9001",
    });
  const { port } = parseUrl("REHEARSAL_RUNNER_URL", runnerUrl);
  if (port === "")
    throw new OperatorError(`REHEARSAL_RUNNER_URL is ${runnerUrl}, which names no port`, {
      hint: "Name a port of this machine, such as http://127.0.0.1:9001",
    });
  return { endpoint: endpoint.replace(/\/+$/, ""), runnerPort: Number(port) };
};

const AWS_HOST = /(^|\.)(amazonaws\.com(\.cn)?|api\.aws)$/;

const parseUrl = (name: string, value: string): URL => {
  if (!URL.canParse(value))
    throw new OperatorError(`${name} is ${value}, which is no URL`, {
      hint: "Name one, such as http://127.0.0.1:5000",
    });
  return new URL(value);
};

/** @throws {OperatorError} when nothing answers there. */
export const connectTo = async ({ endpoint }: GivenEmulator): Promise<Emulator> => {
  try {
    await fetch(endpoint);
  } catch (error) {
    throw new OperatorError(`Nothing answers at ${endpoint}, which AWS_ENDPOINT_URL names`, {
      hint: "Start that emulator, or unset AWS_ENDPOINT_URL: the rehearsal then starts one",
      cause: error,
    });
  }
  return { endpoint, stop: () => Promise.resolve() };
};
