import { expect } from "chai";
import { transitionTable as table } from "../../handler/transition-table.ts";
import type { SeenService } from "../../reconcile/cluster-services.ts";
import { compareRows } from "../../reconcile/compare-rows.ts";
import type { FleetFinding } from "../../reconcile/fleet-finding.ts";
import type { Spool } from "../../reconcile/spool.ts";
import type { SeenRow } from "../../reconcile/tenant-rows.ts";

const PREFIX = "arn:aws:ecs:af-south-1:536580886816:service/bbws-cluster-dev/";
const AT = "2026-03-01T11:00:00Z";

/** All in one shard, one after the other. */
const spoolOf = <T>(...shards: (readonly T[])[]): Spool<T> => ({
  add: () => undefined,
  read: (shard) => shards[shard] ?? [],
});

const rowNaming = (tenantId: string, name: string): SeenRow => ({
  kind: "row",
  tenantId,
  row: { status: "ACTIVE", ecsStatus: "ACTIVE", serviceArn: `${PREFIX}${name}`, events: [] },
  since: undefined,
});

describe("rows whose tags no service bears", () => {
  const look = async (...shards: (readonly SeenRow[])[]) => {
    const asked: (readonly string[])[] = [];
    const findings: FleetFinding[] = [];
    const found = compareRows(spoolOf(...shards), spoolOf(), {
      table,
      environment: "dev",
      serviceArnPrefix: PREFIX,
      see: (serviceArns) => {
        asked.push(serviceArns);
        return Promise.resolve(
          serviceArns.map((serviceArn): SeenService => ({ kind: "missing", serviceArn, at: AT })),
        );
      },
      now: () => new Date(AT),
    });
    for await (const finding of found) findings.push(finding);
    return { asked, findings };
  };

  it("are asked about ten at a time, across shards, and the rest at the end", async () => {
    const rows = Array.from({ length: 23 }, (_, index) => rowNaming(`t${index}`, `s${index}`));
    const { asked, findings } = await look(rows.slice(0, 4), rows.slice(4, 9), rows.slice(9));
    expect(asked.map(({ length }) => length)).to.deep.equal([10, 10, 3]);
    expect(asked.flat()).to.deep.equal(rows.map((_, index) => `${PREFIX}s${index}`));
    expect(
      findings.map((finding) => (finding.kind === "drift" ? finding.drift.tenantId : finding.kind)),
    ).to.deep.equal(rows.map(({ tenantId }) => tenantId));
  });

  it("are not asked about at the end when none is left", async () => {
    const rows = Array.from({ length: 10 }, (_, index) => rowNaming(`t${index}`, `s${index}`));
    expect((await look(rows)).asked).to.have.length(1);
    expect(await look([])).to.deep.equal({ asked: [], findings: [] });
  });

  it("are asked about once where two name the same service, and each is told", async () => {
    const { asked, findings } = await look([rowNaming("one", "shared"), rowNaming("two", "shared")]);
    expect(asked).to.deep.equal([[`${PREFIX}shared`]]);
    expect(findings).to.have.length(2);
  });
});
