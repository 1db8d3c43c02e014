import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { builtFunction } from "../build/built-function.ts";
import { type BundleRun, runBundle, type RunOptions } from "../build/lambda.ts";
import { createEventNotes } from "../../handler/event-notes.ts";
import { createServicesDirectory } from "../../handler/services-directory.ts";
import { createTenantLookup, type TenantLookup } from "../../handler/tenant-lookup.ts";
import { createTestTable, type TestTable } from "../handler/dynamodb.ts";
import { CLUSTER_ARN, serviceAction, serviceArnOf } from "../handler/events.ts";
import { type LocalAws, startLocalAws } from "../ops/local-aws.ts";
import { LocalEcs, type LocalService } from "../ops/local-ecs.ts";
import { createLocalHandler } from "../ops/local-handler.ts";

export const nameOf = (tenantId: string): string => `tenant-${tenantId}-wordpress`;

const ALIAS_ARN = "arn:aws:lambda:af-south-1:536580886816:function:bbws-ecs-event-handler-dev:latest-dev";
export const SCHEDULED = { version: 1, kind: "scheduled" };
export const CHECK = { version: 1, kind: "check" };

/** The handler's own look-up: first the directory, then ECS. What has no service is a tenant that is only written about. */
const createLookup = (ecs: LocalEcs, directory: TestTable): TenantLookup => {
  const notes = createEventNotes();
  const now = (): Date => new Date();
  return createTenantLookup({
    askEcs: (serviceArn) => {
      const service = ecs.services.get(serviceArn.split("/").at(-1) ?? "");
      const { tenantId, environment = "dev" } = service ?? {};
      return Promise.resolve(service && { tenantId, environment });
    },
    directory: createServicesDirectory({
      dynamoDb: directory.client,
      tableName: directory.name,
      environment: "dev",
      now,
      notes,
    }),
    environment: "dev",
    now,
    notes,
  });
};

/** A cluster, two tables and the handler behind its alias; the built function runs in a process of its own. */
export class World {
  /** What the handler was invoked with. */
  readonly invoked: Record<string, unknown>[] = [];
  /** What ECS's clock says; undefined: its answers do not say. */
  serverTime: () => Date | undefined = () => new Date();
  beforeHandler: (event: Record<string, unknown>) => Promise<void> | void = () => undefined;

  private constructor(
    readonly ecs: LocalEcs,
    readonly tenants: TestTable,
    readonly directory: TestTable,
    readonly handle: (event: unknown) => Promise<unknown>,
    private readonly bundlePath: string,
  ) {
    this.#setUp = createLocalHandler(tenants);
  }

  #aws: LocalAws | undefined;
  /** The container's own folder. */
  readonly #temporary = mkdtempSync(join(tmpdir(), "container-"));
  /** Of what was before: it knows whose a service is by its name, and the directory learns nothing. */
  readonly #setUp: (event: unknown) => Promise<unknown>;

  static async create(): Promise<World> {
    const path = join(dirname((await builtFunction()).bundlePath), "reconciler.js");
    const tenants = await createTestTable();
    const directory = await createTestTable(["service_arn"], tenants);
    const ecs = new LocalEcs();
    const handle = createLocalHandler(tenants, createLookup(ecs, directory));
    const world = new World(ecs, tenants, directory, handle, path);
    world.#aws = await startLocalAws({
      ecs: (action, input) => world.ecs.answer(action, input),
      serverTime: () => world.serverTime(),
      handler: async (event) => {
        world.invoked.push(event as Record<string, unknown>);
        await world.beforeHandler(event as Record<string, unknown>);
        return world.handle(event);
      },
    });
    return world;
  }

  async close(): Promise<void> {
    await this.#aws?.close();
    await this.directory.close();
    await this.tenants.close();
    rmSync(this.#temporary, { recursive: true });
  }

  /** Invokes the function with these events, one after the other. */
  run(
    environment: Readonly<Record<string, string>> = {},
    events: readonly unknown[] = [SCHEDULED],
    options: RunOptions = {},
  ): Promise<BundleRun> {
    const endpoint = this.#aws?.endpoint ?? "";
    return runBundle(
      this.bundlePath,
      {
        ENVIRONMENT: "dev",
        TENANTS_TABLE: this.tenants.name,
        SERVICES_TABLE: this.directory.name,
        CLUSTER_ARN,
        HANDLER_ALIAS_ARN: ALIAS_ARN,
        REPAIR: "true",
        FUSE_TENANTS: "10",
        FUSE_PERCENT: "20",
        TMPDIR: this.#temporary,
        AWS_REGION: "af-south-1",
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        AWS_ENDPOINT_URL_ECS: endpoint,
        AWS_ENDPOINT_URL_LAMBDA: endpoint,
        AWS_ENDPOINT_URL_DYNAMODB: this.tenants.endpoint,
        ...environment,
      },
      events,
      options,
    );
  }

  /** A tenant with a row that has seen these events, an hour apart, and perhaps a service. */
  async addTenant(
    tenantId: string,
    events: readonly string[],
    service?: Omit<LocalService, "name" | "tenantId">,
  ): Promise<void> {
    await this.tenants.put({ tenant_id: tenantId, status: "PENDING" });
    for (const [hour, name] of events.entries()) {
      await this.#setUp(
        serviceAction(name, {
          time: `2026-03-01T1${hour}:00:00Z`,
          resources: [serviceArnOf(tenantId)],
        }),
      );
    }
    if (service !== undefined) this.ecs.add({ name: nameOf(tenantId), tenantId, ...service });
  }

  async statusOf(tenant_id: string): Promise<unknown> {
    return (await this.tenants.get({ tenant_id }))?.["status"];
  }

  async setStatus(tenant_id: string, status: string): Promise<void> {
    await this.tenants.put({ ...(await this.tenants.get({ tenant_id })), status });
  }
}
