import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect } from "chai";
import { UsageError } from "../../local/errors.ts";
import type { StartOptions } from "../../local/options.ts";
import type { PlayedEntry } from "../../local/played-entry.ts";
import type { Summary } from "../../local/summary.ts";
import { run } from "../../local/run.ts";
import type { TenantItem } from "../../local/tenant-table.ts";
import type { Timings } from "../../local/timings.ts";
import type { Tenant } from "../../local/tenants.ts";
import {
  CLUSTER_ARN,
  deploymentStateChange,
  tagsOf,
  serviceAction,
  serviceArnOf,
} from "../handler/events.ts";
import { defaultOptions } from "./default-options.ts";

interface Recording {
  readonly ok: boolean;
  readonly clusterArn: string;
  readonly played: readonly PlayedEntry[];
  readonly rows: readonly TenantItem[];
  readonly summary: Summary | undefined;
  readonly shown: readonly TenantItem[];
  readonly timings: Timings | undefined;
}

/** Plays events through the built handler, and keeps what is reported. */
const record = async (
  events: readonly unknown[],
  { tenants, dump, ...options }: Partial<StartOptions> & { tenants?: readonly Tenant[]; dump?: unknown } = {},
): Promise<Recording> => {
  const folder = await mkdtemp(join(tmpdir(), "run-test-"));
  const played: PlayedEntry[] = [];
  const shown: TenantItem[] = [];
  let rows: readonly TenantItem[] = [];
  let summary: Summary | undefined;
  let timings: Timings | undefined;
  let clusterArn = "";
  try {
    const tenantsFile = tenants === undefined ? undefined : join(folder, "tenants.json");
    if (tenantsFile !== undefined) await writeFile(tenantsFile, JSON.stringify(tenants));
    const rowsFile = dump === undefined ? undefined : join(folder, "rows.json");
    if (rowsFile !== undefined) await writeFile(rowsFile, JSON.stringify(dump));
    const ok = await run(
      {
        ...defaultOptions,
        eventsFile: "-",
        tenantsFile,
        rowsFile,
        ...options,
      },
      {
        standardInput: Readable.from([events.map((event) => `${JSON.stringify(event)}\n`).join("")]),
        signal: new AbortController().signal,
        reporter: {
          started: (start) => {
            clusterArn = start.clusterArn;
          },
          logLine: () => undefined,
          played: (entry) => played.push(entry),
          showRow: (row) => shown.push(row),
          finished: (end) => {
            ({ rows, summary, timings } = end);
          },
          close: () => undefined,
        },
      },
    );
    return { ok, clusterArn, played, rows, summary, shown, timings };
  } finally {
    await rm(folder, { recursive: true });
  }
};

const steady = (tenantId: string, time: string): Record<string, unknown> =>
  serviceAction("SERVICE_STEADY_STATE", { time, resources: [serviceArnOf(tenantId)] });

describe("A run on this machine", () => {
  it("costs one DynamoDB request for an event in order, once a tenant has had its first", async () => {
    const at = (second: number): string => `2026-03-01T10:00:0${second}Z`;
    const { played } = await record([
      deploymentStateChange("SERVICE_DEPLOYMENT_IN_PROGRESS", "ecs-svc/1", { time: at(1) }),
      deploymentStateChange("SERVICE_DEPLOYMENT_COMPLETED", "ecs-svc/1", { time: at(2) }),
      steady("acme", at(2)),
      serviceAction("SERVICE_DESIRED_COUNT_UPDATED", { time: at(3) }),
      steady("acme", at(4)),
      serviceAction("CAPACITY_PROVIDER_STEADY_STATE", { time: at(5) }),
    ]);
    expect(played.map(({ requests }) => requests)).to.deep.equal([3, 1, 1, 1, 1, 0]);
  });

  it("plays tenants side by side, each event after the one before it, and tells of all in their order", async () => {
    const at = (second: number): string => new Date(Date.UTC(2026, 2, 1, 10, 0, second)).toISOString();
    const names = ["SERVICE_STEADY_STATE", "SERVICE_DESIRED_COUNT_UPDATED"];
    const events = Array.from({ length: 350 }, (_, index) =>
      serviceAction(names[Math.floor(index / 7) % 2] ?? "", {
        time: at(index),
        resources: [serviceArnOf(`t${index % 7}`)],
      }),
    );
    const { played, rows, summary } = await record(events);
    expect(played.map(({ position }) => position)).to.deep.equal(
      events.map((_, index) => ({ line: index + 1 })),
    );
    expect(played.map(({ tenantId }) => tenantId)).to.deep.equal(events.map((_, index) => `t${index % 7}`));
    expect(played.every(({ result }) => result.status === "success" && result.changed)).to.equal(true);
    // In order, each costs one request after the tenant's first: and no other's is counted for it.
    expect([...(summary?.requests ?? [])]).to.deep.equal([
      [3, 7],
      [1, 343],
    ]);
    expect(rows.map((row) => row["revision"])).to.deep.equal(Array(7).fill(50));
  });

  it("plays an event after all before it where its tags, rather than its service, say whose it is", async () => {
    const desired = (
      second: number,
      detail: Record<string, unknown>,
      resources: readonly string[],
    ): Record<string, unknown> =>
      serviceAction("SERVICE_DESIRED_COUNT_UPDATED", {
        time: `2026-03-01T10:00:0${second}Z`,
        resources,
        detail,
      });
    const withTags = { tags: tagsOf("dune") };
    const { played } = await record([
      steady("dune", "2026-03-01T10:00:01Z"),
      desired(2, {}, [serviceArnOf("dune")]),
      steady("dune", "2026-03-01T10:00:03Z"),
      desired(4, withTags, [serviceArnOf("old").replace("/bbws-cluster-dev", "")]),
      steady("dune", "2026-03-01T10:00:05Z"),
      desired(6, withTags, []),
      steady("dune", "2026-03-01T10:00:07Z"),
    ]);
    expect(
      played.map(({ tenantId, result }) => [tenantId, "changed" in result && result.tenantStatus]),
    ).to.deep.equal(
      ["ACTIVE", "SCALING", "ACTIVE", "SCALING", "ACTIVE", "SCALING", "ACTIVE"].map((status) => [
        "dune",
        status,
      ]),
    );
  });

  it("says where the time has gone, where that is asked", async () => {
    const events = [steady("acme", "2026-03-01T10:00:01Z"), steady("dune", "2026-03-01T10:00:01Z")];
    const { timings } = await record(events, { timings: true });
    expect(timings?.events).to.equal(2);
    for (const each of Object.values(timings ?? {})) expect(each).to.be.above(0);
    expect((await record(events)).timings).to.equal(undefined);
  });

  it("has one tenant for each service, each shown as it changes", async () => {
    const { rows, shown, ok, summary } = await record([
      steady("b", "2026-03-01T10:00:01Z"),
      steady("a", "2026-03-01T10:00:02Z"),
      steady("b", "2026-03-01T10:00:03Z"),
    ]);
    expect(rows.map((row) => [row["tenant_id"], row["status"]])).to.deep.equal([
      ["a", "ACTIVE"],
      ["b", "ACTIVE"],
    ]);
    expect(shown.map((row) => [row["tenant_id"], row["status_at"]])).to.deep.equal([
      ["b", undefined],
      ["b", "2026-03-01T10:00:01Z"],
      ["a", undefined],
      ["a", "2026-03-01T10:00:02Z"],
      ["b", "2026-03-01T10:00:03Z"],
    ]);
    expect([ok, summary?.applied]).to.deep.equal([true, 3]);
  });

  it("gives two services one row where their names mean the same tenant", async () => {
    const named = serviceArnOf("acme");
    const bare = named.replace("tenant-acme-wordpress", "acme");
    const { rows, summary } = await record([
      serviceAction("SERVICE_STEADY_STATE", { resources: [named], time: "2026-03-01T10:00:01Z" }),
      serviceAction("SERVICE_DESIRED_COUNT_UPDATED", { resources: [bare], time: "2026-03-01T10:00:02Z" }),
    ]);
    expect(rows.map((row) => [row["tenant_id"], row["revision"]])).to.deep.equal([["acme", 2]]);
    expect(summary?.applied).to.equal(2);
  });

  it("knows the tenants that it is told of, and no others", async () => {
    const { played, rows, ok } = await record(
      [
        steady("known", "2026-03-01T10:00:01Z"),
        steady("suspended", "2026-03-01T10:00:01Z"),
        steady("of-sit", "2026-03-01T10:00:01Z"),
        steady("of-no-environment", "2026-03-01T10:00:01Z"),
        steady("untagged", "2026-03-01T10:00:01Z"),
        serviceAction("SERVICE_STEADY_STATE", { resources: [], detail: { tags: tagsOf("stranger") } }),
      ],
      {
        tenants: [
          { tenant_id: "known", service_arn: serviceArnOf("known") },
          { tenant_id: "suspended", service_arn: serviceArnOf("suspended"), status: "SUSPENDED" },
          { tenant_id: "of-sit", service_arn: serviceArnOf("of-sit"), environment: "sit" },
          { tenant_id: "of-no-environment", service_arn: serviceArnOf("of-no-environment"), environment: "" },
          { tenant_id: "without-service", status: "PENDING" },
        ],
      },
    );
    expect(
      played.map(({ result }) => (result.status === "ignored" ? result.reason : result.status)),
    ).to.deep.equal([
      "success",
      "success",
      "environment_mismatch",
      "environment_mismatch",
      "service_not_found",
      "unknown_tenant",
    ]);
    expect(rows.map((row) => [row["tenant_id"], row["status"], row["ecs_status"]])).to.deep.equal([
      ["known", "ACTIVE", "ACTIVE"],
      ["of-no-environment", undefined, undefined],
      ["of-sit", undefined, undefined],
      ["suspended", "SUSPENDED", "ACTIVE"],
      ["without-service", "PENDING", undefined],
    ]);
    expect(ok, "ignored is not failed").to.equal(true);
  });

  it("is of the environment and the cluster that it is told", async () => {
    const clusterArn = CLUSTER_ARN.replace("-dev", "-sit");
    const arn = serviceArnOf("acme").replace("-dev", "-sit");
    const { played, clusterArn: used } = await record(
      [
        steady("acme", "2026-03-01T10:00:01Z"),
        serviceAction("SERVICE_STEADY_STATE", { resources: [arn], detail: { clusterArn } }),
      ],
      { environment: "sit", clusterArn },
    );
    expect(played.map(({ result }) => ("reason" in result ? result.reason : result.status))).to.deep.equal([
      "other_cluster",
      "success",
    ]);
    expect(used).to.equal(clusterArn);
  });

  it("runs without any cluster in the stream", async () => {
    const inline = {
      resources: [],
      detail: { clusterArn: undefined, tags: [{ key: "bbws:tenant-id", value: "acme" }] },
    };
    const { clusterArn, ok } = await record([serviceAction("SERVICE_STEADY_STATE", inline)]);
    expect(clusterArn).to.equal("arn:aws:ecs:af-south-1:000000000000:cluster/bbws-cluster-dev");
    expect(ok).to.equal(true);
  });

  it("goes on from the rows of a table, each service its row's tenant", async () => {
    const service = serviceArnOf("odd-name");
    const earlier = await record(
      [serviceAction("SERVICE_STEADY_STATE", { time: "2026-03-01T10:00:00Z", resources: [service] })],
      { tenants: [{ tenant_id: "acme", service_arn: service }] },
    );
    const late = serviceAction("SERVICE_DESIRED_COUNT_UPDATED", {
      time: "2026-03-01T09:00:00Z",
      resources: [service],
    });
    const other = { tenant_id: "other", status: "ACTIVE", plan: 7 };
    const { played, rows } = await record([late], { dump: [...earlier.rows, other] });
    expect(played.map(({ tenantId, result }) => [tenantId, result.status])).to.deep.equal([
      ["acme", "success"],
    ]);
    expect(rows.map((row) => [row["tenant_id"], row["status"]])).to.deep.equal([
      ["acme", "ACTIVE"],
      ["other", "ACTIVE"],
    ]);
    expect(rows[0]).to.have.deep.nested.property("last_event.name", "SERVICE_STEADY_STATE");
    expect(rows[1]).to.deep.equal(other);
  });

  it("refuses a stream with no event in it", async () => {
    const error = await record([]).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(UsageError);
    expect(error).to.have.property("message", "There is nothing in standard input");
  });

  it("has failed when an event failed, and still plays the others", async () => {
    const { ok, played, rows } = await record([
      { id: "a", resources: [7] },
      steady("acme", "2026-03-01T10:00:01Z"),
    ]);
    expect(ok).to.equal(false);
    expect(played.map(({ result }) => result.status)).to.deep.equal(["failed", "success"]);
    expect(rows).to.have.lengthOf(1);
  });

  it("plays at any speed", async () => {
    const { played } = await record(
      [steady("a", "2026-03-01T10:00:01Z"), steady("a", "2026-03-02T10:00:01Z")],
      {
        speed: 1e9,
      },
    );
    expect(played).to.have.lengthOf(2);
  });

  for (const [what, options] of [
    ["events", { eventsFile: "no-such-file" }],
    ["tenants", { tenantsFile: "no-such-file" }],
  ] as const) {
    it(`says which file of ${what} it cannot read`, async () => {
      const failure = await record([], options).catch((error: unknown) => error);
      expect(failure)
        .to.be.instanceOf(UsageError)
        .with.property("message", "Cannot read no-such-file: there is no such file");
    });
  }

  it("refuses a file of tenants that is too long to be held", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tenants-"));
    try {
      const tenantsFile = join(folder, "tenants.json");
      await writeFile(tenantsFile, "[");
      // The rest takes no room on the disk, and is not read to its end.
      await truncate(tenantsFile, 2 ** 40);
      const failure = await record([], { tenantsFile }).catch((error: unknown) => error);
      expect(failure)
        .to.be.instanceOf(UsageError)
        .with.property("message", `${tenantsFile} is longer than 64 million characters`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("says that a folder cannot be read", async () => {
    const failure = await record([], { eventsFile: tmpdir() }).catch((error: unknown) => error);
    expect(failure)
      .to.be.instanceOf(UsageError)
      .with.property("message")
      .that.matches(/: it is a folder$/);
  });
});
