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
  /** All of it over HTTP, for a program in a process of its own. */
  readonly endpoint: string;
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
  const tableOf = ({ TableName }: { readonly TableName?: unknown }): string =>
    TableName === devNames.servicesTableName ? directory.name : table.name;
  table.client.middlewareStack.add(
    (next) => (args) => {
      const input = args.input as { TableName?: string };
      input.TableName = tableOf(input);
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
    dynamoDb: async (target, input) => {
      const answer = await fetch(table.endpoint, {
        method: "POST",
        headers: {
          "x-amz-target": target,
          "content-type": "application/x-amz-json-1.0",
          "x-amz-date": "20260303T210000Z",
          // Nobody looks at the signature, only whether there is one.
          authorization: "AWS4-HMAC-SHA256 Credential=test, SignedHeaders=host, Signature=none",
        },
        body: JSON.stringify({ ...input, TableName: tableOf(input) }),
      });
      return { status: answer.status, body: await answer.text() };
    },
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
    endpoint: aws.endpoint,
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
