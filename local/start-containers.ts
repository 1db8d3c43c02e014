import { setMaxListeners } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { regionOf } from "./arns.ts";
import type { AwsCall, AwsReply } from "./aws-call.ts";
import { answerAsEcs, type ServiceTag } from "./local-ecs.ts";
import { unpackFunctionPackage } from "./function-package.ts";
import { type Containers, openContainers } from "./containers.ts";
import type { LocalTables } from "./local-tables.ts";
import { bundleLentTable } from "./lent-table-bundle.ts";
import { startFunction } from "./lambda-function.ts";
import type { StartOptions } from "./options.ts";
import type { PlaybackReporter } from "./playback-reporter.ts";
import type { Tenant } from "./tenants.ts";

export interface StartContainersOptions {
  readonly options: Pick<StartOptions, "environment" | "verbose">;
  readonly tables: LocalTables;
  readonly clusterArn: string;
  /** What is about to be played, for people. */
  readonly input: string;
  readonly reporter: PlaybackReporter;
  /** How many events are handled at once, at most. */
  readonly mostContainers: number;
  readonly signal: AbortSignal;
  /** Gets what is to be closed at the end, in the order in which it was started. */
  readonly started: { close(): unknown }[];
}

/** Builds the function and starts it, with tables and an ECS that are part of this process. */
export const startContainers = async ({
  options: { environment, verbose },
  tables: { table, directory, tenantsTable, servicesTable },
  clusterArn,
  input,
  reporter,
  mostContainers,
  signal,
  started,
}: StartContainersOptions): Promise<Containers> => {
  const answer = (call: AwsCall, container: string): AwsReply | Promise<AwsReply> =>
    call.host === HOSTS.dynamoDb
      ? table.answer(call, container)
      : answerAsEcs(call, (serviceArn) => {
          const tenant = directory.ofService(serviceArn);
          return tenant === undefined ? undefined : tagsOf(tenant, environment);
        });

  // Until the end: the function loads a part of its files only when it needs it.
  const folder = await mkdtemp(join(tmpdir(), "ecs-tenant-event-handler-"));
  started.push({ close: () => rm(folder, { recursive: true, force: true }) });
  const built = await unpackFunctionPackage(folder);
  const bundle = await bundleLentTable(folder);
  signal.throwIfAborted();
  reporter.started({ input, clusterArn, environment, package: built });
  // Each container's process listens to it.
  setMaxListeners(0, signal);
  const containers = await openContainers({
    most: mostContainers,
    eventsAtHand: 8,
    start: (name) =>
      startFunction({
        taskRoot: built.taskRoot,
        environment: {
          ENVIRONMENT: environment,
          TENANTS_TABLE: tenantsTable,
          SERVICES_TABLE: servicesTable,
          CLUSTER_ARN: clusterArn,
          LOG_LEVEL: "info",
          AWS_REGION: regionOf(clusterArn),
          AWS_ACCESS_KEY_ID: "local",
          AWS_SECRET_ACCESS_KEY: "local",
          AWS_ENDPOINT_URL_DYNAMODB: `http://${HOSTS.dynamoDb}`,
          AWS_ENDPOINT_URL_ECS: `http://${HOSTS.ecs}`,
        },
        services: {
          hosts: Object.values(HOSTS),
          answer: (call) => answer(call, name),
          requestCount: () => table.requestCount(name),
          rows: {
            bundle,
            host: HOSTS.dynamoDb,
            tableName: tenantsTable,
            lend: (tenantId) => table.lend(tenantId, name),
            takeBack: (row, item) => {
              table.takeBack(row, item);
            },
          },
        },
        onLogLine: verbose
          ? (line) => {
              reporter.logLine(line);
            }
          : undefined,
        signal,
      }),
  });
  started.push(containers);
  return containers;
};

/** Names that are nobody's: a request that were to leave this machine after all would find no one. @see https://www.rfc-editor.org/rfc/rfc6761#section-6.4 */
const HOSTS = { dynamoDb: "dynamodb.invalid", ecs: "ecs.invalid" } as const;

const tagsOf = ({ tenant_id, environment }: Tenant, functionEnvironment: string): ServiceTag[] => [
  { key: "bbws:tenant-id", value: tenant_id },
  { key: "bbws:environment", value: environment ?? functionEnvironment },
];
