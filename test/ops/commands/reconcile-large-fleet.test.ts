import { BatchWriteItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import { systemClock } from "../../../checklist/clock.ts";
import { type LocalTenants, startLocalTenants } from "../local-tenants.ts";

/** Apart from the command's other tests: it takes seconds, and shows nothing of single rows. */
describe("ops reconcile, of a large fleet,", () => {
  let tenants: LocalTenants;
  before(async () => {
    tenants = await startLocalTenants(new Date("2026-03-03T21:00:07Z"));
  });
  after(() => tenants.close());

  it("looks at 10,000 services, ten at a time, and tells how far it is", async () => {
    const { table, ecs } = tenants;
    const tenantIds = Array.from({ length: 10_000 }, (_, index) => `t${String(index).padStart(5, "0")}`);
    ecs.add(...tenantIds.map((tenantId) => ({ name: `tenant-${tenantId}-wordpress`, tenantId })));
    const rows = tenantIds.map((tenant_id, index) =>
      marshall({ tenant_id, status: index % 1000 === 0 ? "PENDING" : "ACTIVE" }),
    );
    for (let first = 0; first < rows.length; first += 25) {
      const requests = rows.slice(first, first + 25).map((Item) => ({ PutRequest: { Item } }));
      await table.client.send(new BatchWriteItemCommand({ RequestItems: { [table.name]: requests } }));
    }
    const ran = await tenants.run("reconcile dev", { clock: systemClock });
    expect(ran.stdout).to.match(/10000 tenants: 9990 agree with ECS, 0 rightly differ, 10 disagree/);
    expect(ran.stdout).to.match(/5000\/10000 services/);
    const described = ecs.requests.filter(({ action }) => action === "DescribeServices");
    expect(described).to.have.length(1000);
    expect(ecs.requests.filter(({ action }) => action === "ListServices")).to.have.length(100);
  });
});
