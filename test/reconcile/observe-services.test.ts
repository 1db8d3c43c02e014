import { expect } from "chai";
import { transitionTable as table } from "../../handler/transition-table.ts";
import type { SeenService } from "../../reconcile/cluster-services.ts";
import type { FleetFinding } from "../../reconcile/fleet-finding.ts";
import { observeServices } from "../../reconcile/observe-services.ts";
import type { SpooledObservation } from "../../reconcile/spooled-observation.ts";

describe("a look at the services", () => {
  const at = "2026-03-01T11:00:00Z";

  it("says of each what was found, and puts aside what it says of its tenant", async () => {
    async function* seen(): AsyncGenerator<SeenService> {
      yield { kind: "missing", serviceArn: "gone", at };
      yield { kind: "unanswered", serviceArn: "broken", at, why: "BROKEN" };
      yield { kind: "described", serviceArn: "proxy", at, service: { status: "ACTIVE" } };
      const tags = [
        { key: "bbws:tenant-id", value: "acme" },
        { key: "bbws:environment", value: "dev" },
      ];
      yield await Promise.resolve({
        kind: "described" as const,
        serviceArn: "a",
        at,
        service: { status: "INACTIVE", tags },
      });
    }
    const observed: [key: string, record: SpooledObservation][] = [];
    const findings: FleetFinding[] = [];
    const found = observeServices(seen(), "dev", table, {
      add: (key, record) => observed.push([key, record]),
      read: () => [],
    });
    for await (const finding of found) findings.push(finding);
    expect(findings).to.deep.equal([
      { kind: "service", serviceArn: "gone" },
      { kind: "service", serviceArn: "broken" },
      { kind: "unanswered", services: 1, serviceArn: "broken", why: "BROKEN" },
      { kind: "service", serviceArn: "proxy" },
      { kind: "service_without_tenant", serviceArn: "proxy", why: "no bbws:tenant-id tag" },
      { kind: "service", serviceArn: "a" },
      { kind: "tenant_service", serviceArn: "a", tenantId: "acme", at },
    ]);
    expect(observed).to.deep.equal([
      [
        "acme",
        {
          tenantId: "acme",
          serviceArn: "a",
          at,
          verdict: {
            rule: "SERVICE_DELETED",
            says: "INACTIVE",
            since: undefined,
            unsettledSince: undefined,
            deploymentId: undefined,
          },
        },
      ],
    ]);
  });
});
