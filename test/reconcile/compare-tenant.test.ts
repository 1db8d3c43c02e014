import type { Service } from "@aws-sdk/client-ecs";
import { expect } from "chai";
import { type EventMemory, remember } from "../../handler/event-memory.ts";
import { foldMemory } from "../../handler/tenant-state.ts";
import { transitionTable as table } from "../../handler/transition-table.ts";
import type { SeenService } from "../../reconcile/cluster-services.ts";
import { compareTenant } from "../../reconcile/compare-tenant.ts";
import type { FleetFinding } from "../../reconcile/fleet-finding.ts";
import type { SeenRow } from "../../reconcile/tenant-rows.ts";

const PREFIX = "arn:aws:ecs:af-south-1:536580886816:service/bbws-cluster-dev/";
const AT = "2026-03-01T11:00:00Z";
const CLOCK = new Date("2026-03-01T11:00:01Z");

const service = (name: string, tags: Readonly<Record<string, string>>, more: Service = {}): SeenService => {
  const serviceArn = `${PREFIX}${name}`;
  const described: Service = {
    serviceArn,
    status: "ACTIVE",
    runningCount: 1,
    desiredCount: 1,
    deployments: [{ id: "ecs-svc/1", status: "PRIMARY", rolloutState: "COMPLETED" }],
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    ...more,
  };
  return { kind: "described", serviceArn, at: AT, service: described };
};
const ACME = { "bbws:tenant-id": "acme", "bbws:environment": "dev" };

const rowAfter = (
  events: readonly (readonly [name: string, at: string])[],
  more: { status?: string; serviceArn?: string } = {},
): SeenRow => {
  const memory = events.reduce<EventMemory>(
    (before, [name, at], index) => remember(before, { name, at, id: `e${index}` }, table),
    [],
  );
  const ecsStatus = foldMemory(memory, table)?.status;
  const row = { status: ecsStatus, ecsStatus, serviceArn: undefined, events: memory, ...more };
  return { kind: "row", tenantId: "acme", row, since: "2026-03-01T10:00:00Z" };
};
const STARTED = ["DEPLOYMENT_IN_PROGRESS", "2026-03-01T10:00:00Z"] as const;
const STEADY = ["SERVICE_STEADY_STATE", "2026-03-01T10:05:00Z"] as const;
const DELETED = ["SERVICE_DELETED", "2026-03-01T10:30:00Z"] as const;

describe("a tenant's row, compared with what ECS says of its services,", () => {
  const asked: (readonly string[])[] = [];
  beforeEach(() => {
    asked.length = 0;
  });

  /** @param answers what ECS says when it is asked about one service. */
  const compare = (
    row: SeenRow | undefined,
    services: readonly SeenService[] = [],
    answers: readonly SeenService[] = [],
  ): Promise<readonly FleetFinding[]> =>
    compareTenant(row, "acme", services, {
      table,
      environment: "dev",
      serviceArnPrefix: PREFIX,
      see: (serviceArns) => {
        asked.push(serviceArns);
        return Promise.resolve(answers);
      },
      now: () => CLOCK,
    });

  it("agrees, or has missed something", async () => {
    expect(await compare(rowAfter([STARTED, STEADY]), [service("a", ACME)])).to.deep.equal([
      { kind: "agrees", tenantId: "acme" },
    ]);
    const [finding] = await compare(rowAfter([STARTED]), [service("a", ACME)]);
    expect(finding).to.deep.equal({
      kind: "drift",
      drift: {
        tenantId: "acme",
        rowSays: "PROVISIONING",
        rowSince: "2026-03-01T10:00:00Z",
        observation: {
          tenantId: "acme",
          serviceArn: `${PREFIX}a`,
          at: AT,
          verdict: {
            rule: table.rule("SERVICE_STEADY_STATE"),
            says: "steady, 1 of 1 tasks running",
            since: undefined,
            unsettledSince: undefined,
            deploymentId: "ecs-svc/1",
          },
        },
        events: [table.rule("SERVICE_STEADY_STATE")],
      },
    });
  });

  it("differs rightly when another service has set its status", async () => {
    const suspended = rowAfter([STARTED, STEADY], { status: "SUSPENDED" });
    expect(await compare(suspended, [service("a", ACME)])).to.deep.equal([
      { kind: "kept", tenantId: "acme" },
    ]);
  });

  it("is not compared with services of others, or of other environments", async () => {
    const others = [
      service("a", {}),
      service("b", { ...ACME, "bbws:tenant-id": "other" }),
      service("c", { ...ACME, "bbws:environment": "prod" }),
      { kind: "missing", serviceArn: `${PREFIX}d`, at: AT } as const,
      { kind: "unanswered", serviceArn: `${PREFIX}e`, at: AT, why: "no answer" } as const,
    ];
    expect(await compare(rowAfter([STARTED, STEADY]), others)).to.deep.equal([
      { kind: "without_service", tenantId: "acme", why: "ACTIVE, no service bears its tag", isLost: false },
    ]);
    expect(asked).to.deep.equal([]);
  });

  it("is contested by two services, but not by one that goes away, nor by one that is seen twice", async () => {
    const [one, two] = [service("a", ACME), service("b", ACME)];
    const row = rowAfter([STARTED, STEADY]);
    expect(await compare(row, [one, two])).to.deep.equal([
      {
        kind: "contested",
        tenantId: "acme",
        rowSays: "ACTIVE",
        serviceArns: [`${PREFIX}a`, `${PREFIX}b`],
      },
    ]);
    const agrees = [{ kind: "agrees", tenantId: "acme" }];
    expect(await compare(row, [one, one])).to.deep.equal(agrees);
    const draining = service("b", ACME, { status: "DRAINING" });
    expect(await compare(row, [draining, one])).to.deep.equal(agrees);
    expect(await compare(row, [one, draining])).to.deep.equal(agrees);
    const [finding] = await compare(row, [draining, service("c", ACME, { status: "DRAINING" })]);
    expect(finding).to.have.nested.property("drift.observation.verdict.rule.status", "DEPROVISIONED");
  });

  it("is not compared while it is malformed, or remembers an event of the future", async () => {
    const malformed = { kind: "malformed", tenantId: "acme", problem: "/events must be object" } as const;
    expect(await compare(malformed, [service("a", ACME)])).to.deep.equal([
      { kind: "malformed", tenantId: "acme", why: "/events must be object" },
    ]);
    const ahead = rowAfter([STEADY, ["SERVICE_DELETED", "2098-01-01T00:00:00Z"]]);
    expect(await compare(ahead, [service("a", ACME)])).to.deep.equal([
      {
        kind: "ahead",
        tenantId: "acme",
        why: "DEPROVISIONED, by SERVICE_DELETED of 2098-01-01T00:00:00Z (e1)",
      },
    ]);
    const twice = rowAfter([
      ["SERVICE_STEADY_STATE", "2098-01-01T00:00:00Z"],
      ["SERVICE_DELETED", "2098-01-01T00:00:01Z"],
    ]);
    const [finding] = await compare(twice);
    expect(finding).to.have.property("why").that.includes("(e0), SERVICE_DELETED of");
  });

  it("is missing: then its services have no tenant, each of them", async () => {
    expect(await compare(undefined)).to.deep.equal([]);
    const why = "tenant acme has no row";
    expect(await compare(undefined, [service("a", ACME)])).to.deep.equal([
      { kind: "service_without_tenant", serviceArn: `${PREFIX}a`, why },
    ]);
    expect(await compare(undefined, [service("a", ACME), service("b", ACME)])).to.deep.equal([
      { kind: "service_without_tenant", serviceArn: `${PREFIX}a`, why },
      { kind: "service_without_tenant", serviceArn: `${PREFIX}b`, why },
    ]);
  });

  describe("when no service bears its tag", () => {
    const named = (name: string, events = [STARTED, STEADY] as const): SeenRow =>
      rowAfter(events, { serviceArn: `${PREFIX}${name}` });

    it("agrees when the tenant was deleted", async () => {
      const deleted = rowAfter([STARTED, STEADY, DELETED], { serviceArn: `${PREFIX}a` });
      expect(await compare(deleted)).to.deep.equal([{ kind: "agrees", tenantId: "acme" }]);
      expect(asked).to.deep.equal([]);
    });

    it("waits for one when it has no status yet", async () => {
      expect(await compare(rowAfter([]))).to.deep.equal([
        {
          kind: "without_service",
          tenantId: "acme",
          why: "no status, no service bears its tag",
          isLost: false,
        },
      ]);
    });

    it("has lost a service of another cluster", async () => {
      const arn = "arn:aws:ecs:af-south-1:536580886816:service/elsewhere/a";
      expect(await compare(rowAfter([STARTED, STEADY], { serviceArn: arn }))).to.deep.equal([
        {
          kind: "without_service",
          tenantId: "acme",
          why: `ACTIVE, ${arn} is not of this cluster`,
          isLost: true,
        },
      ]);
      expect(asked).to.deep.equal([]);
    });

    it("asks ECS about the one that it names, and takes it for deleted only when ECS says so", async () => {
      const missing = { kind: "missing", serviceArn: `${PREFIX}a`, at: AT } as const;
      const [gone] = await compare(named("a"), [], [missing]);
      expect(asked).to.deep.equal([[`${PREFIX}a`]]);
      expect(gone)
        .to.have.nested.property("drift.observation")
        .that.deep.includes({
          tenantId: "acme",
          serviceArn: `${PREFIX}a`,
          at: AT,
        });
      expect(gone).to.have.deep.nested.property("drift.events", [table.rule("SERVICE_DELETED")]);

      const unanswered = { kind: "unanswered", serviceArn: `${PREFIX}a`, at: AT, why: "BROKEN" } as const;
      const finding = { kind: "unanswered", services: 1, serviceArn: `${PREFIX}a` };
      expect(await compare(named("a"), [], [unanswered])).to.deep.equal([
        { ...finding, why: "tenant acme: BROKEN" },
      ]);
      expect(await compare(named("a"), [], [])).to.deep.equal([
        { ...finding, why: "tenant acme: no answer" },
      ]);
    });

    it("asks by the old short ARN, too", async () => {
      const short = "arn:aws:ecs:af-south-1:536580886816:service/a";
      const row = rowAfter([STARTED, STEADY], { serviceArn: short });
      expect(await compare(row, [], [service("a", ACME)])).to.deep.equal([
        { kind: "agrees", tenantId: "acme" },
      ]);
      expect(asked).to.deep.equal([[short]]);
    });

    it("is compared with a service that bears its tag all the same, or goes away without it", async () => {
      expect(await compare(named("a"), [], [service("a", ACME)])).to.deep.equal([
        { kind: "agrees", tenantId: "acme" },
      ]);
      const [gone] = await compare(named("a"), [], [service("a", {}, { status: "DRAINING" })]);
      expect(gone).to.have.deep.nested.property("drift.events", [table.rule("SERVICE_DELETED")]);
    });

    for (const [what, tags] of [
      ["no tag", {}],
      ["another tenant's", { ...ACME, "bbws:tenant-id": "other" }],
      ["another environment's", { ...ACME, "bbws:environment": "prod" }],
    ] as const)
      it(`has lost a service that bears ${what}`, async () => {
        expect(await compare(named("a"), [], [service("a", tags)])).to.deep.equal([
          {
            kind: "without_service",
            tenantId: "acme",
            why: `ACTIVE, ${PREFIX}a does not bear its tag`,
            isLost: true,
          },
        ]);
      });
  });
});
