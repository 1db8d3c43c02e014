import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { regionOf } from "./arns.ts";
import { findCluster } from "./cluster.ts";
import { startEcsEndpoint, type ServiceTag } from "./ecs-endpoint.ts";
import { openEventInput, readFileText, readWhole } from "./input/event-input.ts";
import { readEventStream } from "./input/event-stream.ts";
import { buildFunctionPackage } from "./function-package.ts";
import { startFunction } from "./lambda-function.ts";
import { UsageError } from "./errors.ts";
import type { StartOptions } from "./options.ts";
import { KNOWN_FORMS } from "./input/recordings.ts";
import { readTableDump } from "./input/table-dump.ts";
import { createPace } from "./pace.ts";
import { play } from "./playback.ts";
import type { PlaybackReporter } from "./playback-reporter.ts";
import { createServicesTable } from "./services-table.ts";
import { createTenantDirectory } from "./tenant-directory.ts";
import { openTenantTable } from "./tenant-table.ts";
import { parseTenants, type Tenant } from "./tenants.ts";

/** What a run needs of the process. */
export interface RunContext {
  readonly standardInput: Readable;
  readonly reporter: PlaybackReporter;
  /** Stops the run, which then rejects. */
  readonly signal: AbortSignal;
}

/**
 * Plays a stream of events through the built handler. All that it starts it also ends, whatever happens.
 * @returns whether no event failed.
 * @throws {UsageError} when a file cannot be read, or is not what it should be.
 */
export const run = async (
  options: StartOptions,
  { standardInput, reporter, signal }: RunContext,
): Promise<boolean> => {
  const { environment, verbose, speed } = options;
  const started: { close(): unknown }[] = [];
  try {
    const tenants =
      options.tenantsFile === undefined
        ? undefined
        : parseTenants(await readWhole(options.tenantsFile), options.tenantsFile);
    const input = await openEventInput(options.eventsFile, standardInput, signal);
    started.push(input);
    const { entries, readCounts } = readEventStream(input.text);
    const stream = await findCluster(entries);
    if (!stream.hasEvents) throw nothingToPlay(input.name, stream.problem);
    const clusterArn =
      options.clusterArn ??
      stream.clusterArn ??
      // Of a stream that names no cluster, no event can be of a tenant's service; any cluster does.
      `arn:aws:ecs:af-south-1:000000000000:cluster/bbws-cluster-${environment}`;

    const table = await openTenantTable(`bbws-tenants-${environment}`);
    started.push(table);
    const servicesTable = `bbws-ecs-event-handler-services-${environment}`;
    await createServicesTable(table.endpoint, servicesTable);
    const directory = createTenantDirectory();
    const ecs = await startEcsEndpoint((serviceArn) => {
      const tenant = directory.ofService(serviceArn);
      return tenant === undefined ? undefined : tagsOf(tenant, environment);
    });
    started.push(ecs);

    // Until the end: the function loads a part of its files only when it needs it.
    const folder = await mkdtemp(join(tmpdir(), "ecs-tenant-event-handler-"));
    started.push({ close: () => rm(folder, { recursive: true, force: true }) });
    const built = await buildFunctionPackage(folder);
    reporter.started({ input: input.name, clusterArn, environment, package: built });
    const lambda = await startFunction({
      taskRoot: built.taskRoot,
      environment: {
        ENVIRONMENT: environment,
        TENANTS_TABLE: table.tableName,
        SERVICES_TABLE: servicesTable,
        CLUSTER_ARN: clusterArn,
        LOG_LEVEL: "info",
        AWS_REGION: regionOf(clusterArn),
        AWS_ACCESS_KEY_ID: "local",
        AWS_SECRET_ACCESS_KEY: "local",
        AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
        AWS_ENDPOINT_URL_ECS: ecs.endpoint,
      },
      onLogLine: (line) => {
        if (verbose) reporter.logLine(line);
      },
      signal,
    });
    started.push(lambda);

    const pace = speed === undefined ? undefined : createPace(speed, () => performance.now());
    const rows =
      options.rowsFile === undefined ? [] : readTableDump(readFileText(options.rowsFile), options.rowsFile);
    const context = { lambda, table, directory, rows, tenants, pace, reporter, signal };
    const summary = await play(stream.entries, context);
    const finalRows = await table.all();
    // Its last log lines come before the conclusion.
    await lambda.close();
    reporter.finished({ rows: finalRows, summary, readCounts: readCounts(), isStopped: signal.aborted });
    signal.throwIfAborted();
    return summary.failed === 0;
  } finally {
    reporter.close();
    for (const each of started.reverse()) await each.close();
  }
};

const nothingToPlay = (name: string, problem: string | undefined): UsageError =>
  problem === undefined
    ? new UsageError(`There is nothing in ${name}`, { hint: "What can be played", next: KNOWN_FORMS })
    : new UsageError(`There is no event in ${name}: ${problem}`);

const tagsOf = ({ tenant_id, environment }: Tenant, functionEnvironment: string): ServiceTag[] => [
  { key: "bbws:tenant-id", value: tenant_id },
  { key: "bbws:environment", value: environment ?? functionEnvironment },
];
