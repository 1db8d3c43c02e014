import { expect } from "chai";
import { createTestTable, type TestTable } from "../handler/dynamodb.ts";
import { startLocalAws } from "./local-aws.ts";
import { LocalEcs } from "./local-ecs.ts";
import { LocalQueue } from "./local-queue.ts";
import { createLocalHandler } from "./local-handler.ts";
import { devNames } from "./healthy-dev.ts";
import { type Run, type RunOptions, run as runOps } from "./run.ts";

type Event = Readonly<Record<string, unknown>>;

/** The tenants of dev, as commands find them. */
export interface LocalTenants {
  readonly table: TestTable;
  /** The directory of services. */
  readonly directory: TestTable;
  readonly ecs: LocalEcs;
  /** The dead-letter queue. */
  readonly queue: LocalQueue;
  /** The lines of the function's log. */
  readonly log: string[];
  /** The handler itself, past the alias. */
  readonly handler: (event: unknown) => Promise<unknown>;
  /** What the alias was invoked with. */
  readonly invoked: readonly Event[];
  /** Happens at each invocation of the alias, before the handler sees the event. */
  beforeHandler: (event: Event) => Promise<void>;
  /** Runs a command of the operator's. */
  readonly run: (commandLine: string, options?: RunOptions) => Promise<Run>;
  close(): Promise<void>;
}

/**
 * ECS over HTTP, with a clock of its own, a real table, and the handler's own parts behind the alias.
 * @param serverTime what ECS's clock says.
 */
export const startLocalTenants = async (serverTime: Date): Promise<LocalTenants> => {
  const table = await createTestTable();
  const directory = await createTestTable(["service_arn"], table);
  // The commands look for the environment's table.
  table.client.middlewareStack.add(
    (next) => (args) => {
      const input = args.input as { TableName?: string };
      input.TableName = input.TableName === devNames.servicesTableName ? directory.name : table.name;
      return next(args);
    },
    { step: "initialize" },
  );
  const ecs = new LocalEcs();
  const queue = new LocalQueue();
  const log: string[] = [];
  const handler = createLocalHandler(table);
  const invoked: Event[] = [];
  const aws = await startLocalAws({
    ecs: (action, input) => ecs.answer(action, input),
    queue,
    logs: () => ({ events: log.map((message) => ({ message })) }),
    serverTime: () => serverTime,
    handler: async (event, qualifier) => {
      expect(qualifier).to.equal("latest-dev");
      invoked.push(event as Event);
      await tenants.beforeHandler(event as Event);
      return handler(event);
    },
  });
  const tenants: LocalTenants = {
    table,
    directory,
    ecs,
    queue,
    log,
    handler,
    invoked,
    beforeHandler: () => Promise.resolve(),
    run: (commandLine, options) =>
      runOps(commandLine, {
        createAws: (region) => ({ ...aws.createAws(region), dynamoDb: table.client }),
        ...options,
      }),
    close: async () => {
      await aws.close();
      await directory.close();
      await table.close();
    },
  };
  return tenants;
};
