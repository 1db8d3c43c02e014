import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { transitionTable as table } from "../../handler/transition-table.ts";
import { ClusterServices } from "../../reconcile/cluster-services.ts";
import { Fleet } from "../../reconcile/fleet.ts";
import type { FleetFinding } from "../../reconcile/fleet-finding.ts";
import { SpoolFolder } from "../../reconcile/spool.ts";
import type { SeenRow } from "../../reconcile/tenant-rows.ts";
import { type LocalAws, startLocalAws } from "../ops/local-aws.ts";
import { LocalEcs } from "../ops/local-ecs.ts";

const PREFIX = "arn:aws:ecs:af-south-1:536580886816:service/bbws-cluster-dev/";
const CLUSTER = "arn:aws:ecs:af-south-1:536580886816:cluster/bbws-cluster-dev";

describe("a look at the fleet", () => {
  let ecs: LocalEcs;
  let aws: LocalAws;
  let folder: string;
  beforeEach(async () => {
    ecs = new LocalEcs();
    folder = mkdtempSync(join(tmpdir(), "fleet-"));
    aws = await startLocalAws({
      ecs: (action, input) => ecs.answer(action, input),
      serverTime: () => new Date("2026-03-03T21:00:07Z"),
    });
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await aws.close();
  });

  const look = async (rows: readonly SeenRow[], active?: number): Promise<FleetFinding[]> => {
    const services = new ClusterServices(
      aws.createAws("af-south-1").ecs,
      CLUSTER,
      new AbortController().signal,
    );
    const counted = active ?? (await services.count());
    const spools = new SpoolFolder(folder);
    const fleet = new Fleet(services, { table, environment: "dev", serviceArnPrefix: PREFIX }, spools);
    const findings: FleetFinding[] = [];
    for await (const finding of fleet.observe(counted)) findings.push(finding);
    async function* all(): AsyncGenerator<SeenRow> {
      yield* rows;
      await Promise.resolve();
    }
    for await (const finding of fleet.compare(all())) findings.push(finding);
    return findings;
  };
  const row = (tenantId: string, serviceArn?: string): SeenRow => ({
    kind: "row",
    tenantId,
    row: { status: "ACTIVE", ecsStatus: "ACTIVE", serviceArn, events: [] },
    since: undefined,
  });

  it("tells of the services first, then of the rows, each compared", async () => {
    ecs.add({ name: "a", tenantId: "acme" });
    expect(await look([row("acme"), row("waiting")])).to.deep.equal([
      { kind: "service", serviceArn: `${PREFIX}a` },
      { kind: "tenant_service", serviceArn: `${PREFIX}a`, tenantId: "acme", at: "2026-03-03T21:00:06Z" },
      { kind: "row", tenantId: "acme" },
      { kind: "row", tenantId: "waiting" },
      ...(await look([row("acme"), row("waiting")])).slice(4),
    ]);
    const compared = (await look([row("acme"), row("waiting")])).slice(4);
    expect(compared).to.have.deep.members([
      { kind: "agrees", tenantId: "acme" },
      {
        kind: "without_service",
        tenantId: "waiting",
        why: "ACTIVE, no service bears its tag",
        isLost: false,
      },
    ]);
  });

  it("asks ECS about a service that a row names, at the time of ECS's clock", async () => {
    expect(await look([row("acme", `${PREFIX}gone`)])).to.have.nested.property(
      "1.drift.observation.verdict.rule.status",
      "DEPROVISIONED",
    );
    const ahead: SeenRow = {
      kind: "row",
      tenantId: "ahead",
      row: {
        status: "ACTIVE",
        ecsStatus: "ACTIVE",
        serviceArn: undefined,
        events: [{ name: "SERVICE_STEADY_STATE", at: "2026-03-03T21:05:07Z", id: "e1" }],
      },
      since: undefined,
    };
    expect((await look([ahead])).map(({ kind }) => kind)).to.deep.equal(["row", "ahead"]);
  });

  it("says that ECS counts more than it lists, unless those went meanwhile", async () => {
    ecs.add({ name: "a" }, { name: "b" }, { name: "c" });
    const answer = ecs.answer.bind(ecs);
    ecs.answer = (action, input) =>
      action === "ListServices" ? { serviceArns: [`${PREFIX}a`] } : answer(action, input);
    const unanswered = (findings: FleetFinding[]) => findings.filter(({ kind }) => kind === "unanswered");
    expect(unanswered(await look([]))).to.deep.equal([
      {
        kind: "unanswered",
        services: 2,
        serviceArn: `${PREFIX}*`,
        why: "ECS counts 3 active services and listed 1",
      },
    ]);
    expect(unanswered(await look([], 1)), "others came meanwhile").to.deep.equal([]);
    ecs.services.delete("b");
    ecs.services.delete("c");
    expect(unanswered(await look([], 3)), "others went meanwhile").to.deep.equal([]);
  });

  it("tells once of a service that ECS did not describe, though its tenant's row asks again", async () => {
    ecs.add({ name: "a", tenantId: "acme" });
    const answer = ecs.answer.bind(ecs);
    ecs.answer = (action, input) =>
      action === "DescribeServices"
        ? { failures: (input["services"] as string[]).map((arn) => ({ arn, reason: "BROKEN" })) }
        : answer(action, input);
    const unanswered = (findings: FleetFinding[]) => findings.filter(({ kind }) => kind === "unanswered");
    expect(unanswered(await look([row("acme", `${PREFIX}a`)]))).to.deep.equal([
      {
        kind: "unanswered",
        services: 1,
        serviceArn: `${PREFIX}a`,
        why: "ECS cannot describe it: BROKEN",
      },
    ]);
    expect(unanswered(await look([row("other", `${PREFIX}unlisted`)])), "of another").to.have.length(2);
  });
});
