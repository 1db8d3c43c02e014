import { marshall } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import { MalformedRowError } from "../../handler/errors.ts";
import { parseTenantRow, type StoredRow } from "../../handler/tenant-row.ts";
import { transitionTable } from "../../handler/transition-table.ts";

describe("a tenant's row", () => {
  const address = { tenantId: "acme", tableName: "tenants", key: {}, statusAttribute: "state" };
  const parse = (row: Record<string, unknown>): StoredRow =>
    parseTenantRow(marshall(row), address, transitionTable);
  const violationsOf = (row: Record<string, unknown>): readonly string[] => {
    try {
      parse(row);
    } catch (error) {
      if (error instanceof MalformedRowError) return error.violations;
      throw error;
    }
    return [];
  };
  const at = "2026-03-01T10:00:00Z";
  const steady = { at, id: "e1" };

  it("is read whole", () => {
    expect(
      parse({
        state: "SUSPENDED",
        status: "of another service",
        ecs_status: "ACTIVE",
        service_arn: "arn:s",
        revision: 7,
        status_since: { ACTIVE: at },
        last_event: { id: "e1" },
        updated_at: "then",
        events: { SERVICE_STEADY_STATE: { ...steady, deploymentId: "ecs-svc/1" } },
      }),
    ).to.deep.equal({
      status: "SUSPENDED",
      ecsStatus: "ACTIVE",
      serviceArn: "arn:s",
      revision: 7,
      statusSince: { ACTIVE: at },
      lastEventId: "e1",
      updatedAt: "then",
      events: [{ ...steady, name: "SERVICE_STEADY_STATE", deploymentId: "ecs-svc/1" }],
      memoryAttribute: { SERVICE_STEADY_STATE: { ...steady, deploymentId: "ecs-svc/1" } },
    });
  });

  it("may say nothing at all", () => {
    expect(parse({})).to.deep.equal({
      status: undefined,
      ecsStatus: undefined,
      serviceArn: undefined,
      revision: undefined,
      statusSince: {},
      lastEventId: undefined,
      updatedAt: undefined,
      events: [],
      memoryAttribute: undefined,
    });
  });

  it("takes NULL for absent, in its maps too", () => {
    const nothing = Object.fromEntries(
      ["state", "ecs_status", "service_arn", "revision", "status_since", "last_event", "updated_at"].map(
        (name) => [name, null],
      ),
    );
    expect(parse({ ...nothing, events: null })).to.deep.equal(parse({}));
    const events = { SERVICE_STEADY_STATE: { ...steady, deploymentId: null }, DEPLOYMENT_FAILED: null };
    expect(parse({ events }).memoryAttribute).to.deep.equal({ SERVICE_STEADY_STATE: steady });
  });

  it("is read where what nothing depends on has another form", () => {
    expect(parse({ status_since: "then", last_event: "e1", updated_at: 7 })).to.deep.include({
      statusSince: {},
      lastEventId: undefined,
      updatedAt: 7,
    });
  });

  it("is refused with all that is wrong, the status under its own name", () => {
    expect(violationsOf({ state: 7 })).to.deep.equal(["/state must be string"]);
    expect(violationsOf({ ecs_status: 7 })).to.deep.equal(["/ecs_status must be string"]);
    expect(violationsOf({ state: ["ACTIVE"], revision: "one" })).to.deep.equal([
      "/revision must be number",
      "/state must be string",
    ]);
    expect(violationsOf({ ecs_status: 7, state: "ACTIVE" })).to.deep.equal(["/ecs_status must be string"]);
    expect(violationsOf({ status: 7 }), "not ours").to.deep.equal([]);
  });
});
