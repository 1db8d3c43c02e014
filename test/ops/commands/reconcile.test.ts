import { expect } from "chai";
import { parseEcsEvent } from "../../../handler/ecs-event.ts";
import { systemClock } from "../../../checklist/clock.ts";
import type { TestTable } from "../../handler/dynamodb.ts";
import { transitionTable } from "../../../handler/transition-table.ts";
import { eventSeenAs } from "../../../reconcile/seen-event.ts";
import { serviceAction, serviceArnOf, tagsOf } from "../../handler/events.ts";
import { ServiceError, startLocalAws } from "../local-aws.ts";
import type { LocalEcs, LocalService } from "../local-ecs.ts";
import { type LocalTenants, startLocalTenants } from "../local-tenants.ts";
import type { Run, RunOptions } from "../run.ts";

const nameOf = (tenantId: string): string => `tenant-${tenantId}-wordpress`;
/** What ECS's clock says. */
const SERVER_TIME = new Date("2026-03-03T21:00:07Z");
/** The second before, which is what observations are stamped with. */
const OBSERVED_AT = "2026-03-03T21:00:06Z";

/** The command whole: ECS over HTTP, a real table, the handler's own parts behind the alias. */
describe("ops reconcile", () => {
  let tenants: LocalTenants;
  let table: TestTable;
  let ecs: LocalEcs;
  let handler: LocalTenants["handler"];
  let invoked: LocalTenants["invoked"];

  beforeEach(async () => {
    tenants = await startLocalTenants(SERVER_TIME);
    ({ table, ecs, handler, invoked } = tenants);
  });
  afterEach(() => tenants.close());

  const run = (commandLine: string, options: RunOptions = {}): Promise<Run> =>
    tenants.run(commandLine, { clock: systemClock, ...options });

  /** A tenant with a row that has seen these events, an hour apart, and perhaps a service. */
  const createTenant = async (
    tenantId: string,
    events: readonly string[],
    service?: Omit<LocalService, "name" | "tenantId">,
  ): Promise<void> => {
    await table.put({ tenant_id: tenantId, status: "PENDING", domain: `${tenantId}.example` });
    for (const [hour, name] of events.entries()) {
      await handler(
        serviceAction(name, { time: `2026-03-01T1${hour}:00:00Z`, resources: [serviceArnOf(tenantId)] }),
      );
    }
    if (service !== undefined) ecs.add({ name: nameOf(tenantId), tenantId, ...service });
  };
  const statusOf = async (tenant_id: string): Promise<unknown> =>
    (await table.get({ tenant_id }))?.["status"];
  const setStatus = async (tenant_id: string, status: string): Promise<void> => {
    await table.put({ ...(await table.get({ tenant_id })), status });
  };

  /** As a forged event has left a row, when nothing refused those of the future. */
  const pin = async (tenant_id: string, at: string): Promise<void> => {
    await table.put({
      ...(await table.get({ tenant_id })),
      status: "DEPROVISIONED",
      ecs_status: "DEPROVISIONED",
      status_at: at,
      last_event: { name: "SERVICE_DELETED", id: "forged", at },
      events: { SERVICE_DELETED: { at, id: "forged" } },
      revision: 9,
    });
  };

  interface Result {
    readonly tenants: number;
    readonly agreeing: number;
    readonly kept: number;
    readonly drift: readonly Record<string, unknown>[];
    readonly tenantsWithoutService: readonly { tenantId: string; why: string }[];
    readonly servicesWithoutTenant: readonly { serviceArn: string; why: string }[];
    readonly rowsAhead: readonly { tenantId: string; why: string; cure: string }[];
    readonly malformedRows: readonly { tenantId: string; why: string }[];
  }
  const resultOf = ({ stdout }: Run): Result => (JSON.parse(stdout) as { result: Result }).result;
  const driftOf = (ran: Run): unknown[][] =>
    resultOf(ran).drift.map(({ tenantId, rowSays, ecsSays }) => [tenantId, rowSays, ecsSays]);

  const DEPLOYED = ["DEPLOYMENT_IN_PROGRESS", "SERVICE_STEADY_STATE"];

  /** One of each kind. */
  const createCluster = async (): Promise<void> => {
    await createTenant("steady", DEPLOYED, {});
    await createTenant("missed", ["DEPLOYMENT_IN_PROGRESS"], {});
    await createTenant("broken", DEPLOYED, { rolloutState: "FAILED", runningCount: 0 });
    await createTenant("fresh", [], {});
    await createTenant("suspended", DEPLOYED, { runningCount: 0, desiredCount: 0 });
    await setStatus("suspended", "SUSPENDED");
    await createTenant("gone", DEPLOYED);
    await createTenant("draining", DEPLOYED, { status: "DRAINING" });
    await createTenant("revived", [...DEPLOYED, "SERVICE_DELETED"], {});
  };

  it("finds nothing to say when rows and services agree", async () => {
    await createTenant("steady", DEPLOYED, {});
    const ran = await run("reconcile dev");
    expect(ran.exitCode).to.equal(0);
    expect(ran.stdout).to.match(/1 tenants: 1 agree with ECS, 0 rightly differ, 0 disagree/);
    expect(invoked).to.deep.equal([]);
  });

  it("reports the rows that disagree, with what ECS says and since when, and changes nothing", async () => {
    await createCluster();
    const ran = await run("reconcile dev --json");
    expect(ran.exitCode).to.equal(1);
    expect(driftOf(ran)).to.deep.equal([
      ["broken", "ACTIVE", "FAILED"],
      ["draining", "ACTIVE", "DEPROVISIONED"],
      ["fresh", "PENDING", "ACTIVE"],
      ["gone", "ACTIVE", "DEPROVISIONED"],
      ["missed", "PROVISIONING", "ACTIVE"],
      ["revived", "DEPROVISIONED", "ACTIVE"],
    ]);
    expect(resultOf(ran)).to.include({ tenants: 8, agreeing: 1, kept: 1 });
    expect(resultOf(ran).drift[4]).to.deep.equal({
      tenantId: "missed",
      rowSays: "PROVISIONING",
      rowSince: "2026-03-01T10:00:00Z",
      ecsSays: "ACTIVE",
      because: "steady, 1 of 1 tasks running",
      ecsSince: "2026-03-01T10:05:00Z",
      observedAt: OBSERVED_AT,
      serviceArn: serviceArnOf("missed"),
    });
    expect(invoked).to.deep.equal([]);

    const text = (await run("reconcile dev")).stdout;
    expect(text).to.match(
      /missed +PROVISIONING +2026-03-01T10:00:00Z +ACTIVE \(steady, 1 of 1 tasks running\) +2026-03-01T10:05:00Z/,
    );
    expect(text).to.match(/Add --apply/);
  });

  it("replaces a status of the table only when ECS shows what the table says refutes it", async () => {
    const deploying = eventSeenAs("deploying", transitionTable);
    const [steady, deleted] = [
      eventSeenAs("steady", transitionTable).status,
      eventSeenAs("deleted", transitionTable).status,
    ];
    const expected: Record<string, string> = {};
    for (const [status, { refutedBy }] of transitionTable.statuses) {
      const rule = transitionTable.rules.find((each) => each.status === status);
      const events = [deploying.name, rule?.name ?? ""];
      const unsettled = { rolloutState: "IN_PROGRESS", createdAt: "2026-03-01T09:00:00Z" };
      await createTenant(`${status}-steady`, events, {});
      await createTenant(`${status}-busy`, events, unsettled);
      await createTenant(`${status}-gone`, events);
      expect(await statusOf(`${status}-busy`), `the row after ${events.join(", ")}`).to.equal(status);
      expected[`${status}-steady`] = refutedBy === "deleted" ? status : steady;
      expected[`${status}-busy`] = refutedBy === "any" ? deploying.status : status;
      expected[`${status}-gone`] = deleted;
    }
    const ran = await run('reconcile dev --apply --force --reason "every row differs on purpose" --json');
    expect(ran.exitCode).to.equal(0);
    const rows = await Promise.all(
      Object.keys(expected).map(async (id) => [id, await statusOf(id)] as const),
    );
    expect(Object.fromEntries(rows)).to.deep.equal(expected);
  });

  it("fails on a row that remembers an event of the future, and names it and the cure, --apply or not", async () => {
    await createTenant("steady", DEPLOYED, {});
    await createTenant("pinned", [], {});
    await pin("pinned", "2098-01-01T00:00:00Z");
    for (const commandLine of ["reconcile dev", "reconcile dev --apply"]) {
      const ran = await run(commandLine);
      expect(ran.exitCode, commandLine).to.equal(1);
      expect(ran.stdout)
        .to.include("Rows that remember an event of the future: expected 0, found 1: pinned")
        .and.include("DEPROVISIONED, by SERVICE_DELETED of 2098-01-01T00:00:00Z (forged)")
        .and.include('npm run ops -- forget-future dev --tenant pinned --reason "..."');
    }
    expect(resultOf(await run("reconcile dev --json"))).to.deep.include({
      kept: 0,
      drift: [],
      rowsAhead: [
        {
          tenantId: "pinned",
          why: "DEPROVISIONED, by SERVICE_DELETED of 2098-01-01T00:00:00Z (forged)",
          cure: 'npm run ops -- forget-future dev --tenant pinned --reason "..."',
        },
      ],
    });
    expect(await statusOf("pinned")).to.equal("DEPROVISIONED");
  });

  it("lets pass what is ahead by less than clocks differ", async () => {
    await createTenant("nearly", [], {});
    await pin("nearly", "2026-03-03T21:05:06Z");
    expect(resultOf(await run("reconcile dev --json")).rowsAhead).to.deep.equal([]);
    await pin("nearly", "2026-03-03T21:05:07Z");
    expect(resultOf(await run("reconcile dev --json")).rowsAhead).to.have.length(1);
  });

  it("quotes for the shell what others have named", async () => {
    await createTenant("a'$(reboot)", [], {});
    await pin("a'$(reboot)", "2098-01-01T00:00:00Z");
    const [row] = resultOf(await run("reconcile dev --json")).rowsAhead;
    expect(row?.cure).to.include(`--tenant 'a'\\''$(reboot)' --reason`);
  });

  it("repairs them through the alias, and finds nothing more afterwards", async () => {
    await createCluster();
    const ran = await run("reconcile dev --apply --json");
    expect(ran.exitCode).to.equal(0);
    expect(resultOf(ran).drift.map(({ repair }) => (repair as { outcome: string }).outcome)).to.deep.equal(
      Array(6).fill("repaired"),
    );
    expect(await statusOf("revived")).to.equal("ACTIVE");
    expect(await table.get({ tenant_id: "gone" })).to.include({
      status: "DEPROVISIONED",
      status_at: OBSERVED_AT,
      domain: "gone.example",
    });
    expect(await statusOf("suspended")).to.equal("SUSPENDED");
    const again = await run("reconcile dev --json");
    expect(again.exitCode).to.equal(0);
    expect(resultOf(again).drift).to.deep.equal([]);
  });

  it("sends whole events, tagged inline, stamped with a time before ECS was asked, each with an id of its own", async () => {
    await createCluster();
    const ran = await run("reconcile dev --apply");
    expect(invoked).to.have.length(7);
    expect(new Set(invoked.map(({ id }) => id))).to.have.length(7);
    for (const event of invoked) {
      expect(event["id"]).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(parseEcsEvent(event)).to.deep.include({ at: OBSERVED_AT });
    }
    const event = invoked.find(({ resources }) => (resources as string[])[0] === serviceArnOf("gone"));
    expect(event).to.deep.include({
      source: "aws.ecs",
      account: "536580886816",
      region: "af-south-1",
      time: OBSERVED_AT,
    });
    expect(event?.["detail"]).to.deep.include({ eventName: "SERVICE_DELETED", tags: tagsOf("gone") });
    const record = ran.stderr.split("\n").filter((line) => line.includes('"tenantId":"gone"'));
    expect(record).to.have.length(1);
    expect(JSON.parse(record[0] ?? "")).to.include({
      outcome: "repaired",
      detail: "ACTIVE -> DEPROVISIONED",
    });
    expect(JSON.parse(record[0] ?? "")).to.deep.include({ eventIds: [event?.["id"]] });
    expect(JSON.parse(record[0] ?? ""))
      .to.have.property("by")
      .that.matches(/^arn:/);
    expect(event?.["detail"])
      .to.have.property("source")
      .that.matches(/^operator /);
  });

  it("loses to an event that happens while it works", async () => {
    await createTenant("acme", ["DEPLOYMENT_IN_PROGRESS"], {});
    tenants.beforeHandler = async () => {
      await handler(
        serviceAction("SERVICE_TASK_START_IMPAIRED", {
          time: "2026-03-03T21:00:07Z",
          resources: [serviceArnOf("acme")],
        }),
      );
    };
    const ran = await run("reconcile dev --apply --json");
    expect(await statusOf("acme")).to.equal("FAILED");
    expect(ran.exitCode).to.equal(0);
    expect(resultOf(ran).drift[0]?.["repair"]).to.include({ outcome: "overtaken" });
  });

  it("does not take for drift what happened after the service was seen", async () => {
    await createTenant("acme", DEPLOYED, {});
    await handler(
      serviceAction("DEPLOYMENT_IN_PROGRESS", {
        time: "2026-03-03T21:00:07Z",
        resources: [serviceArnOf("acme")],
      }),
    );
    const ran = await run("reconcile dev --json");
    expect(ran.exitCode).to.equal(0);
    expect(resultOf(ran)).to.include({ kept: 1 });
  });

  it("knows a service by its old short ARN, which names no cluster", async () => {
    const service_arn = serviceArnOf("veteran").replace("bbws-cluster-dev/", "");
    await table.put({ tenant_id: "veteran", status: "ACTIVE", service_arn });
    const ran = await run("reconcile dev --json");
    expect(resultOf(ran).tenantsWithoutService).to.deep.equal([]);
    expect(resultOf(ran).drift.map(({ tenantId }) => tenantId)).to.deep.equal(["veteran"]);
  });

  it("lists tenants without a service and services without a tenant, and fails for services that were lost", async () => {
    await createTenant("waiting", []);
    await createTenant("untagged", DEPLOYED);
    ecs.add({ name: nameOf("untagged") });
    await createTenant("deprovisioned", [...DEPLOYED, "SERVICE_DELETED"]);
    await table.put({
      tenant_id: "moved",
      status: "ACTIVE",
      service_arn: "arn:aws:ecs:af-south-1:1:service/elsewhere/x",
    });
    // Of another cluster, whose name begins as this one's does.
    const neighbour = serviceArnOf("neighbour").replace("bbws-cluster-dev/", "bbws-cluster-dev2/");
    await table.put({ tenant_id: "neighbour", status: "ACTIVE", service_arn: neighbour });
    ecs.add(
      { name: "proxy" },
      { name: "alien", tenantId: "alien", environment: "prod" },
      { name: "rowless", tenantId: "rowless" },
    );
    const ran = await run("reconcile dev --json");
    expect(ran.exitCode).to.equal(1);
    expect(ran.stdout).to.match(/Tenants that lost their service/);
    const { tenantsWithoutService, servicesWithoutTenant, agreeing, drift } = resultOf(ran);
    expect(drift).to.deep.equal([]);
    expect(agreeing, "deleted for good").to.equal(1);
    expect(tenantsWithoutService).to.deep.equal([
      {
        tenantId: "moved",
        why: "ACTIVE, arn:aws:ecs:af-south-1:1:service/elsewhere/x is not of this cluster",
        isLost: true,
      },
      { tenantId: "neighbour", why: `ACTIVE, ${neighbour} is not of this cluster`, isLost: true },
      {
        tenantId: "untagged",
        why: `ACTIVE, ${serviceArnOf("untagged")} does not bear its tag`,
        isLost: true,
      },
      { tenantId: "waiting", why: "PENDING, no service bears its tag", isLost: false },
    ]);
    expect(servicesWithoutTenant.map(({ why }) => why)).to.deep.equal([
      "tenant alien: bbws:environment is prod, expected dev",
      "no bbws:tenant-id tag",
      "tenant rowless has no row",
      "no bbws:tenant-id tag",
    ]);
    const text = (await run("reconcile dev")).stdout;
    expect(text)
      .to.match(/Tenants without a service:/)
      .and.match(/Services without a tenant:/);
  });

  it("deprovisions nobody because tags cannot be read", async () => {
    for (const tenantId of ["a", "b"]) await createTenant(tenantId, DEPLOYED, {});
    for (const { name } of [...ecs.services.values()]) ecs.add({ name });
    const ran = await run("reconcile dev --apply");
    expect(ran.exitCode).to.equal(1);
    expect(ran.stdout).to.match(/Tenants that lost their service/);
    expect(invoked).to.deep.equal([]);
  });

  describe("the fuse", () => {
    const createFleet = async (tenants: number, service?: Omit<LocalService, "name" | "tenantId">) => {
      for (let tenant = 0; tenant < tenants; tenant++) await createTenant(`t${tenant}`, DEPLOYED, service);
    };
    const deleteServices = (count: number): void => {
      for (let tenant = 0; tenant < count; tenant++) ecs.services.delete(nameOf(`t${tenant}`));
    };

    it("lets a run repair as many tenants as it allows", async () => {
      await createFleet(11, {});
      deleteServices(10);
      expect((await run("reconcile dev --apply")).exitCode).to.equal(0);
      expect(invoked).to.have.length(10);
    });

    it("blows when one more is to be repaired, and nothing is changed", async () => {
      await createFleet(12, {});
      deleteServices(11);
      const report = await run("reconcile dev --json");
      expect(report.exitCode).to.equal(1);
      expect((JSON.parse(report.stdout) as { result: object }).result).to.include({
        blownFuse:
          "11 of 12 rows differ (11 to repair, 0 whose service was lost, 0 that several services claim), and one run may change 10",
      });
      const ran = await run("reconcile dev --apply");
      expect(ran.exitCode).to.equal(1);
      expect(ran.stdout).to.match(/11 of 12 rows differ.*Nothing was changed/s);
      expect(invoked).to.deep.equal([]);
    });

    it("blows when ECS shows no service at all: the cluster may be the wrong one", async () => {
      await createFleet(2);
      const ran = await run("reconcile dev --apply");
      expect(ran.exitCode).to.equal(1);
      expect(ran.stdout).to.match(/ECS shows no service at all, and 2 of 2 rows say otherwise/);
      expect(invoked).to.deep.equal([]);
    });

    it("blows when the services have lost their tags", async () => {
      await createFleet(11, {});
      for (const { name } of [...ecs.services.values()]) ecs.add({ name });
      await createTenant("missed", ["DEPLOYMENT_IN_PROGRESS"], {});
      const ran = await run("reconcile dev --apply");
      expect(ran.exitCode).to.equal(1);
      expect(ran.stdout).to.match(/12 of 12 rows differ \(1 to repair, 11 whose service was lost, 0 that/);
      expect(invoked).to.deep.equal([]);
    });

    it("is passed by --force, and the record says why", async () => {
      await createFleet(2);
      const ran = await run('reconcile dev --apply --force --reason "emptied on purpose"');
      expect(ran.exitCode).to.equal(0);
      expect(await statusOf("t1")).to.equal("DEPROVISIONED");
      const [record] = ran.stderr.split("\n").filter((line) => line.includes('"tenantId":"t1"'));
      expect(JSON.parse(record ?? "")).to.include({
        reason: "emptied on purpose",
        blownFuse: "ECS shows no service at all, and 2 of 2 rows say otherwise",
      });
    });

    for (const args of ["--force", "--apply --force", '--force --reason "why"'])
      it(`cannot be passed by ${args} alone`, async () => {
        await createFleet(1);
        const ran = await run(`reconcile dev ${args}`);
        expect(ran.exitCode).to.equal(2);
        expect(ran.stderr).to.match(/--force goes with --apply, and with a --reason/);
      });
  });

  it("leaves a tenant alone that two services claim, and says which", async () => {
    await createTenant("acme", ["DEPLOYMENT_IN_PROGRESS"], {});
    ecs.add({ name: "impostor", tenantId: "acme" });
    const ran = await run("reconcile dev --apply --json");
    expect(invoked).to.deep.equal([]);
    expect(resultOf(ran).tenantsWithoutService).to.deep.equal([
      {
        tenantId: "acme",
        why: `PROVISIONING, claimed by several services, of which one only may bear its tag: ${serviceArnOf("acme")}, ${serviceArnOf("acme").replace(nameOf("acme"), "impostor")}`,
        isLost: true,
      },
    ]);
  });

  for (const order of ["before", "after"]) {
    it(`counts a tenant's new service when the old one drains, listed ${order} it`, async () => {
      const old = { name: "old", tenantId: "acme", status: "DRAINING" };
      if (order === "before") ecs.add(old);
      await createTenant("acme", DEPLOYED, {});
      if (order === "after") ecs.add(old);
      const ran = await run("reconcile dev --json");
      expect(ran.exitCode).to.equal(0);
      expect(resultOf(ran)).to.include({ agreeing: 1 });
    });
  }

  it("reports a row that the handler would not touch, and repairs the others", async () => {
    await createTenant("missed", ["DEPLOYMENT_IN_PROGRESS"], {});
    await table.put({ tenant_id: "malformed", events: "not a map" });
    ecs.add({ name: nameOf("malformed"), tenantId: "malformed" });
    const ran = await run("reconcile dev --apply --json");
    expect(ran.exitCode).to.equal(1);
    expect(resultOf(ran).malformedRows).to.deep.equal([
      { tenantId: "malformed", why: "/events must be object" },
    ]);
    expect(await statusOf("missed")).to.equal("ACTIVE");
  });

  it("goes on with the others when one cannot be repaired, and fails", async () => {
    for (const tenantId of ["a", "b", "c"]) await createTenant(tenantId, ["DEPLOYMENT_IN_PROGRESS"], {});
    tenants.beforeHandler = ({ resources }) =>
      (resources as string[])[0] === serviceArnOf("b")
        ? Promise.reject(new RangeError("out of luck"))
        : Promise.resolve();
    const ran = await run("reconcile dev --apply --json");
    expect(ran.exitCode).to.equal(1);
    expect(resultOf(ran).drift.map(({ repair }) => (repair as { outcome: string }).outcome)).to.deep.equal([
      "repaired",
      "failed",
      "repaired",
    ]);
    expect(resultOf(ran).drift[1]?.["repair"]).to.include({
      detail: "SERVICE_STEADY_STATE: threw RangeError: out of luck",
    });
  });

  it("fails when the alias may not be invoked", async () => {
    await createTenant("a", ["DEPLOYMENT_IN_PROGRESS"], {});
    tenants.beforeHandler = () =>
      Promise.reject(new ServiceError("AccessDeniedException", "not authorized", 403));
    const ran = await run("reconcile dev --apply");
    expect(ran.exitCode).to.equal(1);
    expect(ran.stdout).to.match(/access denied: not authorized/);
  });

  it("on Ctrl-C finishes the tenant at hand and says who was not come to", async () => {
    for (const tenantId of ["a", "b", "c"]) await createTenant(tenantId, ["DEPLOYMENT_IN_PROGRESS"], {});
    const interruption = new AbortController();
    tenants.beforeHandler = () => {
      interruption.abort();
      return Promise.resolve();
    };
    const ran = await run("reconcile dev --apply --concurrency 1", { signal: interruption.signal });
    expect(ran.exitCode).to.equal(3);
    expect(ran.stdout).to.match(/1 repaired, 2 unprocessed/);
    expect([await statusOf("a"), await statusOf("b")]).to.deep.equal(["ACTIVE", "PROVISIONING"]);
  });

  it("says in one line that there is no such cluster", async () => {
    ecs.answer = () => ({ clusters: [], failures: [{ reason: "MISSING" }] });
    const ran = await run("reconcile dev");
    expect(ran.exitCode).to.equal(1);
    expect(ran.stdout).to.match(/there is no active ECS cluster arn:aws:ecs:\S+:cluster\/bbws-cluster-dev/);
  });

  it("says in one line that a service may not be described, and compares nothing", async () => {
    await createTenant("acme", ["DEPLOYMENT_IN_PROGRESS"], {});
    ecs.beforeAnswer = (action) => {
      if (action === "DescribeServices")
        throw new ServiceError("AccessDeniedException", "no ecs:DescribeServices");
    };
    const ran = await run("reconcile dev --apply");
    expect(ran.exitCode).to.equal(1);
    expect(ran.stdout).to.match(/access denied: no ecs:DescribeServices/);
    expect(invoked).to.deep.equal([]);
  });

  it("compares nothing when ECS does not say what time it is", async () => {
    await createTenant("acme", ["DEPLOYMENT_IN_PROGRESS"], {});
    const timeless = await startLocalAws({
      ecs: (action, input) => ecs.answer(action, input),
      serverTime: () => undefined,
    });
    try {
      const ran = await run("reconcile dev --apply", {
        createAws: (region) => ({ ...timeless.createAws(region), dynamoDb: table.client }),
      });
      expect(ran.exitCode).to.equal(1);
      expect(ran.stdout).to.match(/its answers have no Date header/);
    } finally {
      await timeless.close();
    }
  });

  for (const [what, failures, message] of [
    [
      "cannot be described",
      [{ reason: "BROKEN", detail: "as told" }],
      /ECS cannot describe it: BROKEN, as told/,
    ],
    ["is left out of the answer", [], /ECS was asked about it and did not answer/],
  ] as const) {
    it(`deprovisions nobody whose service ${what}, says so, and repairs the others`, async () => {
      await createTenant("gone", DEPLOYED, {});
      await createTenant("missed", ["DEPLOYMENT_IN_PROGRESS"], {});
      const answerAsEver = ecs.answer.bind(ecs);
      ecs.answer = (action, input) => {
        if (action !== "DescribeServices") return answerAsEver(action, input);
        const arns = input["services"] as string[];
        const known = arns.filter((arn) => !arn.includes("gone"));
        const unknown = arns.filter((arn) => arn.includes("gone"));
        return {
          ...answerAsEver(action, { ...input, services: known }),
          failures: unknown.flatMap((arn) => failures.map((failure) => ({ arn, ...failure }))),
        };
      };
      const ran = await run("reconcile dev --apply");
      expect(ran.exitCode).to.equal(1);
      expect(ran.stdout).to.match(message);
      expect(ran.stdout).to.match(/Services that ECS did not describe: expected 0, found 1/);
      expect(await statusOf("gone")).to.equal("ACTIVE");
      expect(await statusOf("missed")).to.equal("ACTIVE");
    });
  }

  it("misses nobody when a page of the list is missing, and says that it was", async () => {
    for (const tenantId of ["a", "b", "c"]) await createTenant(tenantId, DEPLOYED, {});
    await createTenant("unlisted", ["DEPLOYMENT_IN_PROGRESS"], {});
    const answerAsEver = ecs.answer.bind(ecs);
    ecs.answer = (action, input) => {
      const answer = answerAsEver(action, input);
      if (!("serviceArns" in answer)) return answer;
      return { serviceArns: (answer.serviceArns as string[]).filter((arn) => !arn.includes("unlisted")) };
    };
    const ran = await run("reconcile dev --apply");
    expect(ran.exitCode).to.equal(1);
    expect(ran.stdout).to.match(/ECS counts 4 active services and listed 3/);
    expect(await statusOf("unlisted"), "asked about by its row").to.equal("ACTIVE");
  });

  it("asks again when it is throttled", async () => {
    await createTenant("missed", ["DEPLOYMENT_IN_PROGRESS"], {});
    let throttled = 0;
    ecs.beforeAnswer = (action) => {
      if (action === "DescribeServices" && throttled++ < 2)
        throw new ServiceError("ThrottlingException", "Rate exceeded");
    };
    const ran = await run("reconcile dev --json");
    expect(driftOf(ran)).to.deep.equal([["missed", "PROVISIONING", "ACTIVE"]]);
  });
});
