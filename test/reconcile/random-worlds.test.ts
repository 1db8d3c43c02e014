import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Service, ServiceEvent } from "@aws-sdk/client-ecs";
import { expect } from "chai";
import fc from "fast-check";
import { type EventMemory, type NamedOccurrence, remember } from "../../handler/event-memory.ts";
import type { TenantRow } from "../../handler/tenant-row.ts";
import { foldMemory, mergedStatus } from "../../handler/tenant-state.ts";
import { transitionTable as table } from "../../handler/transition-table.ts";
import type { SeenService } from "../../reconcile/cluster-services.ts";
import { compareRows } from "../../reconcile/compare-rows.ts";
import { judgeService } from "../../reconcile/ecs-verdict.ts";
import type { Drift, FleetFinding } from "../../reconcile/fleet-finding.ts";
import { observeServices } from "../../reconcile/observe-services.ts";
import { SpoolFolder } from "../../reconcile/spool.ts";
import type { SpooledObservation } from "../../reconcile/spooled-observation.ts";
import type { SeenRow } from "../../reconcile/tenant-rows.ts";
import { histories } from "../handler/histories.ts";

const PREFIX = "arn:aws:ecs:af-south-1:536580886816:service/bbws-cluster-dev/";
/** After all events of the histories; and later. */
const OBSERVED_AT = "2026-03-01T11:00:00Z";
const LATER = "2026-03-01T12:00:00Z";

interface World {
  readonly services: readonly Service[];
  readonly rows: readonly SeenRow[];
}

/** What becomes of a tenant: lost events leave the row behind its service; either may be missing. */
interface Tenant {
  readonly services: readonly Omit<Service, "serviceArn">[];
  readonly isTagged: boolean;
  readonly row:
    { readonly history: readonly NamedOccurrence[]; readonly status: string | undefined } | undefined;
  readonly rowNamesService: boolean;
  readonly isMalformed: boolean;
}

const primaries = fc.record({
  id: fc.constantFrom("ecs-svc/1", "ecs-svc/2"),
  status: fc.constant("PRIMARY"),
  rolloutState: fc.constantFrom("COMPLETED", "IN_PROGRESS", "FAILED", undefined),
  createdAt: fc.constantFrom(new Date("2026-03-01T10:00:02Z"), new Date("2026-03-01T09:00:00Z")),
});
const services = fc.record({
  status: fc.constantFrom("ACTIVE", "ACTIVE", "ACTIVE", "DRAINING", "INACTIVE"),
  runningCount: fc.integer({ min: 0, max: 2 }),
  desiredCount: fc.integer({ min: 0, max: 2 }),
  deployments: primaries.map((primary) => [primary]),
  events: fc.constantFrom<ServiceEvent[][]>(
    [],
    [{ message: "unable to place a task", createdAt: new Date("2026-03-01T10:30:00Z") }],
  ),
});
const tenants: fc.Arbitrary<Tenant> = fc.record({
  services: fc.array(services, { maxLength: 2 }),
  isTagged: fc.boolean(),
  row: fc.option(
    fc.record({
      history: histories(6),
      status: fc.option(fc.constantFrom("PENDING", "SUSPENDED", "DEPROVISIONED", "ACTIVE"), {
        nil: undefined,
      }),
    }),
    { nil: undefined },
  ),
  rowNamesService: fc.boolean(),
  isMalformed: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
});

const nameOf = (tenant: number, service: number): string => `${PREFIX}t${tenant}-${service}`;
const remembered = (history: readonly NamedOccurrence[]): EventMemory =>
  history.reduce<EventMemory>((memory, occurrence) => remember(memory, occurrence, table), []);

const worlds: fc.Arbitrary<World> = fc.array(tenants, { maxLength: 6 }).map((all) => ({
  services: all.flatMap((tenant, index) =>
    tenant.services.map((service, number) => ({
      ...service,
      serviceArn: nameOf(index, number),
      tags: tenant.isTagged
        ? [
            { key: "bbws:tenant-id", value: `t${index}` },
            { key: "bbws:environment", value: "dev" },
          ]
        : [],
    })),
  ),
  rows: all.flatMap(({ row, rowNamesService, isMalformed }, index): SeenRow[] => {
    const tenantId = `t${index}`;
    if (row === undefined) return [];
    if (isMalformed) return [{ kind: "malformed", tenantId, problem: "/events must be object" }];
    const events = remembered(row.history);
    const ecsStatus = foldMemory(events, table)?.status;
    const serviceArn = rowNamesService ? nameOf(index, 0) : undefined;
    return [
      {
        kind: "row",
        tenantId,
        since: undefined,
        row: { events, ecsStatus, status: row.status ?? ecsStatus, serviceArn },
      },
    ];
  }),
}));

async function* asyncly<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
  await Promise.resolve();
}

describe("a run over a random world", function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "worlds-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const look = async ({ services: all, rows }: World, at: string): Promise<FleetFinding[]> => {
    const spools = new SpoolFolder(folder);
    try {
      const see = (serviceArn: string): SeenService => {
        const service = all.find((one) => one.serviceArn === serviceArn);
        return service === undefined
          ? { kind: "missing", serviceArn, at }
          : { kind: "described", serviceArn, at, service };
      };
      const observations = spools.create<SpooledObservation>();
      const spooledRows = spools.create<SeenRow>();
      const findings: FleetFinding[] = [];
      // A service that is gone is described for a while, but not listed.
      const listed = all.filter(({ status }) => status !== "INACTIVE");
      const seen = asyncly(listed.map(({ serviceArn = "" }) => see(serviceArn)));
      for await (const found of observeServices(seen, "dev", table, observations)) findings.push(found);
      for (const row of rows) spooledRows.add(row.tenantId, row);
      const compared = compareRows(spooledRows, observations, {
        table,
        environment: "dev",
        serviceArnPrefix: PREFIX,
        see: (arns) => Promise.resolve(arns.map(see)),
        now: () => new Date(at),
      });
      for await (const found of compared) findings.push(found);
      return findings;
    } finally {
      spools.remove();
    }
  };

  const driftsOf = (findings: readonly FleetFinding[]): Drift[] =>
    findings.flatMap((finding) => (finding.kind === "drift" ? [finding.drift] : []));

  /** As tenant-store.ts does it. */
  const record = (row: TenantRow, name: string, at: string, id: string): TenantRow => {
    const rule = table.rule(name);
    if (rule === undefined) throw new Error(name);
    const occurrence = { name, at, id };
    const events = remember(row.events, occurrence, table);
    const state = foldMemory(events, table);
    if (events === row.events || state === undefined) return row;
    const status = mergedStatus(row, { rule, occurrence, serviceArn: row.serviceArn }, state, table);
    return { ...row, events, ecsStatus: state.status, status };
  };
  const repaired = (row: TenantRow, { events, observation }: Drift): TenantRow =>
    events.reduce((before, { name }) => record(before, name, observation.at, "~repair"), row);

  const repairAll = ({ services: all, rows }: World, drifts: readonly Drift[]): World => ({
    services: all,
    rows: rows.map((seen) => {
      const drift = drifts.find(({ tenantId }) => tenantId === seen.tenantId);
      return drift === undefined || seen.kind === "malformed"
        ? seen
        : { ...seen, row: repaired(seen.row, drift) };
    }),
  });

  /** What ECS says of a tenant by the services alone: the oracle knows nothing of rows, drifts and shards. */
  const ecsSays = ({ services: all }: World, tenantId: string): string | undefined => {
    const own = all.filter(
      ({ tags = [], status }) => status !== "INACTIVE" && tags.some(({ value }) => value === tenantId),
    );
    const present = own.filter(({ status }) => status !== "DRAINING");
    if (present.length > 1) return undefined;
    const [service] = present.length > 0 ? present : own;
    return service && judgeService(service, table, new Date(OBSERVED_AT)).rule.status;
  };

  it("brings every row that may be touched to what ECS says; a second run changes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const findings = await look(world, OBSERVED_AT);
        const drifts = driftsOf(findings);
        const after = repairAll(world, drifts);
        for (const { tenantId, observation } of drifts) {
          const seen = after.rows.find((one) => one.tenantId === tenantId);
          if (seen?.kind !== "row") throw new Error("a repair of what is no row");
          expect(seen.row.status, tenantId).to.equal(observation.verdict.rule.status);
          const says = ecsSays(world, tenantId);
          if (says !== undefined) expect(seen.row.status, tenantId).to.equal(says);
        }
        // Each row has one verdict; of those that were left alone, each for a reason.
        for (const seen of world.rows) {
          const verdicts = findings.filter((finding) => {
            if (finding.kind === "drift") return finding.drift.tenantId === seen.tenantId;
            const isOfRow = finding.kind !== "row" && finding.kind !== "tenant_service";
            return isOfRow && "tenantId" in finding && finding.tenantId === seen.tenantId;
          });
          expect(verdicts, seen.tenantId).to.have.length(1);
          const [verdict] = verdicts;
          const says = ecsSays(world, seen.tenantId);
          if (seen.kind === "row" && says !== undefined && seen.row.status !== says)
            expect(verdict?.kind, seen.tenantId).to.be.oneOf(["drift", "kept"]);
          // What is kept is a foreign status, or one that what ECS shows does not refute.
          if (seen.kind === "row" && verdict?.kind === "kept" && seen.row.status === seen.row.ecsStatus)
            expect(table.statuses.get(seen.row.status ?? "")?.refutedBy).to.not.equal("any");
        }
        expect(driftsOf(await look(after, OBSERVED_AT)), "at once").to.deep.equal([]);
        expect(driftsOf(await look(after, LATER)), "later").to.deep.equal([]);
      }),
      { numRuns: 400 },
    );
  });

  it("never undoes an event that is newer than what it saw, in whatever order the two arrive", async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.constantFrom(...table.names), async (world, name) => {
        for (const drift of driftsOf(await look(world, OBSERVED_AT))) {
          const seen = world.rows.find(({ tenantId }) => tenantId === drift.tenantId);
          if (seen?.kind !== "row") throw new Error("a repair of what is no row");
          const newer = "2026-03-01T11:00:01Z";
          const before = record(repaired(seen.row, drift), name, newer, "newer");
          const after = repaired(record(seen.row, name, newer, "newer"), drift);
          expect(after.ecsStatus).to.equal(before.ecsStatus);
          expect(foldMemory(after.events, table)?.lastEvent).to.include({ at: newer, id: "newer" });
        }
      }),
      { numRuns: 300 },
    );
  });
});
