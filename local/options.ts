import { parseArgs } from "node:util";
import { isClusterArn } from "./arns.ts";
import { UsageError } from "./errors.ts";

/** What the command line asks for. */
export interface Options {
  /** A file, or `-` for standard input; undefined for the bundled sample. */
  readonly eventsFile: string | undefined;
  /** Undefined for one tenant for each service in the stream. */
  readonly tenantsFile: string | undefined;
  readonly environment: string;
  /** Undefined for the cluster of the first event that names one. */
  readonly clusterArn: string | undefined;
  readonly json: boolean;
  /** How many times faster than real time; undefined for as fast as possible. */
  readonly speed: number | undefined;
  readonly verbose: boolean;
}

/**
 * Reads the command line.
 * @throws {UsageError} naming the first option that is wrong.
 */
export const parseOptions = (args: readonly string[]): Options | "help" => {
  const values = parseValues(args);
  if (values.help === true) return "help";
  return {
    eventsFile: values.events,
    tenantsFile: values.tenants,
    environment: environmentOf(values.env ?? "dev"),
    clusterArn: values.cluster === undefined ? undefined : clusterOf(values.cluster),
    json: values.json === true,
    speed: values.speed === undefined ? undefined : speedOf(values.speed),
    verbose: values.verbose === true,
  };
};

const definitions = {
  events: { type: "string" },
  tenants: { type: "string" },
  env: { type: "string" },
  cluster: { type: "string" },
  json: { type: "boolean" },
  speed: { type: "string" },
  verbose: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const parse = (args: readonly string[]) => parseArgs({ args: [...args], options: definitions }).values;

const parseValues = (args: readonly string[]): ReturnType<typeof parse> => {
  try {
    return parse(args);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Node's first sentence says what is wrong; those after it explain parseArgs.
    const [problem = error.message] = error.message.split(/\.(?:\s|$)/);
    throw new UsageError(
      `${problem.replace("argument is ambiguous", "needs a value")}. See npm start -- --help`,
    );
  }
};

const environmentOf = (text: string): string => {
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(text)) {
    throw new UsageError(
      `--env is ${JSON.stringify(text)}: it must be an environment's name in lower case, such as dev`,
    );
  }
  return text;
};

const clusterOf = (text: string): string => {
  if (!isClusterArn(text)) {
    throw new UsageError(
      `--cluster is ${JSON.stringify(text)}: it must be the ARN of an ECS cluster, such as ` +
        "arn:aws:ecs:af-south-1:123456789012:cluster/bbws-cluster-dev",
    );
  }
  return text;
};

const speedOf = (text: string): number => {
  const speed = Number(text);
  if (text.trim() === "" || !Number.isFinite(speed) || speed <= 0) {
    throw new UsageError(
      `--speed is ${JSON.stringify(text)}: it must be a number above 0, such as 60 for a minute in each second`,
    );
  }
  return speed;
};
