import { isIP } from "node:net";
import { Command, type Help, InvalidArgumentError } from "@commander-js/extra-typings";
import { describeMistake } from "../checklist/command-line.ts";
import { fitLines } from "../checklist/fit-lines.ts";
import { isClusterArn } from "./arns.ts";
import { UsageError } from "./errors.ts";
import { KNOWN_FORMS } from "./input/recordings.ts";

/** What the command line asks for. */
export interface StartOptions {
  /** A file, or `-` for standard input; undefined for the bundled sample. */
  readonly eventsFile: string | undefined;
  /** Undefined for one tenant for each service in the stream. */
  readonly tenantsFile: string | undefined;
  /** A dump of the table that the run begins with. */
  readonly rowsFile: string | undefined;
  readonly environment: string;
  /** Undefined for the cluster of the first event that names one. */
  readonly clusterArn: string | undefined;
  readonly json: boolean;
  /** How many times faster than real time; undefined for as fast as possible. */
  readonly speed: number | undefined;
  readonly verbose: boolean;
  /** Whether to say at the end where the time has gone. */
  readonly timings: boolean;
  /** Where to write a page of the run. */
  readonly htmlFile: string | undefined;
  /** Where to serve it, live; undefined for nowhere. */
  readonly serve: { readonly port: number; readonly address: string } | undefined;
}

/** What `--help` asks for, to be printed. */
export interface RequestedHelp {
  readonly help: string;
}

/**
 * Reads the command line.
 * @param columns how wide help may be.
 * @throws {UsageError} naming the first option that is wrong.
 */
export const parseOptions = (
  args: readonly string[],
  columns = WIDEST_HELP,
): StartOptions | RequestedHelp => {
  let help = "";
  let complaint = "";
  const command = createCommand(Math.min(columns, WIDEST_HELP))
    .exitOverride()
    .configureOutput({ writeOut: (text) => (help += text), writeErr: (text) => (complaint += text) });
  try {
    command.parse([...args], { from: "user" });
  } catch (error) {
    if (help !== "") return { help: fitLines(help, columns) };
    if (complaint === "") throw error;
    throw new UsageError(describeMistake(complaint), { hint: "See", next: "npm start -- --help" });
  }
  const { events, tenants, fromRows, env, cluster, json, speed, verbose, timings, html, serve, address } =
    command.opts();
  return {
    eventsFile: events,
    tenantsFile: tenants,
    rowsFile: fromRows,
    environment: env,
    clusterArn: cluster,
    json: json === true,
    speed,
    verbose: verbose === true,
    timings: timings === true,
    htmlFile: html,
    serve: serve === undefined ? undefined : { port: serve === true ? DEFAULT_PORT : serve, address },
  };
};

/** Longer lines are hard to read. */
const WIDEST_HELP = 120;

/** In a narrower terminal, what an option means stands below it. */
const NARROWEST_HELP_BESIDE = 70;

const createCommand = (columns: number) =>
  new Command("npm start --")
    .description("Plays ECS events through the built handler, with DynamoDB and ECS played by this machine.")
    .configureHelp({
      helpWidth: columns,
      ...(columns < NARROWEST_HELP_BESIDE && { minWidthToWrap: 1, formatItem: formatNarrowItem }),
    })
    .option("--events <file>", `${KNOWN_FORMS}; - reads standard input (default: a bundled sample)`, fileOf)
    .option(
      "--tenants <file>",
      "JSON array of {tenant_id, service_arn?, environment?, status?}; each becomes a row of the tenant table, and each " +
        "service_arn is tagged with its tenant_id and environment (default: one tenant for each service in the stream; " +
        "tenant-<id>-wordpress is <id>, any other service its own name)",
      fileOf,
    )
    .option(
      "--from-rows <file>",
      "begin with these rows: what aws dynamodb scan prints, an export to S3, or rows as JSON; each service_arn in them is " +
        "tagged as its tenant's",
      fileOf,
    )
    .option(
      "--env <name>",
      "the environment of the function, and of tenants that name none",
      environmentOf,
      "dev",
    )
    .option(
      "--cluster <arn>",
      "the cluster of the function (default: the one of the first event that names one)",
      clusterOf,
    )
    .option(
      "--json",
      "one JSON object a line: each event's outcome in order, then each tenant's row by id and the totals; or a mistake",
    )
    .option(
      "--speed <n>",
      "play at N times real time, by the events' times (default: as fast as possible)",
      speedOf,
    )
    .option("--verbose", "show the function's log lines too (on standard error with --json)")
    .option("--timings", "say at the end how fast it was, and where the time has gone")
    .option("--html <file>", "write a page of the run, with a timeline for each tenant, to this file", fileOf)
    .option(
      "--serve [port]",
      `serve that page, live, until Ctrl-C: while --events is played, which may be left out, and while what is sent to it by POST /events is, in turn (port: ${DEFAULT_PORT}; 0 for any that is free)`,
      portOf,
    )
    .option(
      "--address <ip>",
      "the address to serve at; anybody who reaches another than this machine's own may read and send events",
      addressOf,
      LOOPBACK,
    )
    .addHelpText("after", EPILOGUE);

const DEFAULT_PORT = 8080;

const LOOPBACK = "127.0.0.1";

const EPILOGUE = `
Exit code: 0 when no event failed, 1 when one did, 2 for a wrong option or a file that cannot be read or written or holds no event.

Examples:
  npm start
  npm start -- --speed 30
  npm start -- --events events.ndjson --tenants tenants.json
  npm start -- --events events.ndjson --html tenants.html
  npm start -- --serve
  npm start --silent -- --events events.ndjson --json | jq 'select(.type == "tenant")'`;

/** @see https://github.com/tj/commander.js/blob/master/docs/help-in-depth.md */
const formatNarrowItem = (term: string, _termWidth: number, description: string, help: Help): string =>
  [
    `  ${term}`,
    ...help
      .boxWrap(description, (help.helpWidth ?? WIDEST_HELP) - 6)
      .split("\n")
      .map((line) => `      ${line}`),
  ].join("\n");

/** A name that looks like an option is one whose own value was forgotten. */
const fileOf = (text: string): string => {
  if (text === "" || text.startsWith("--")) throw new InvalidArgumentError("It must be a file, or -");
  return text;
};

const environmentOf = (text: string): string => {
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(text))
    throw new InvalidArgumentError("It must be an environment's name in lower case, such as dev");
  return text;
};

const clusterOf = (text: string): string => {
  if (!isClusterArn(text))
    throw new InvalidArgumentError(
      "It must be the ARN of an ECS cluster, such as arn:aws:ecs:af-south-1:123456789012:cluster/bbws-cluster-dev",
    );
  return text;
};

const speedOf = (text: string): number => {
  const speed = Number(text);
  if (text.trim() === "" || !Number.isFinite(speed) || speed <= 0)
    throw new InvalidArgumentError("It must be a number above 0, such as 60 for a minute in each second");
  return speed;
};

const portOf = (text: string): number => {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new InvalidArgumentError("It must be a port, 0 to 65535");
  return port;
};

const addressOf = (text: string): string => {
  if (isIP(text) === 0)
    throw new InvalidArgumentError("It must be an IP address, such as 0.0.0.0 for all of this machine");
  return text;
};
