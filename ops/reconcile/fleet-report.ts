import { compareText } from "../../checklist/compare-text.ts";
import type { Progress } from "../../checklist/check.ts";
import type {
  Drift,
  FleetFinding,
  ServiceProblem,
  Tally,
  TenantProblem,
  TenantWithoutService,
} from "../../reconcile/fleet-finding.ts";
import { Counter } from "../../reconcile/fleet-finding.ts";

/** What a look at the fleet found, sorted: an operator sees all of it. */
export interface FleetReport {
  readonly tally: Tally;
  readonly drifts: readonly Drift[];
  /** Tenants that several services claim are among them: none of those services counts. */
  readonly withoutService: readonly TenantWithoutService[];
  readonly servicesWithoutTenant: readonly ServiceProblem[];
  readonly malformed: readonly TenantProblem[];
  readonly ahead: readonly TenantProblem[];
  readonly unanswered: readonly ServiceProblem[];
}

/** Collects findings into a report. */
export class FleetReporter {
  readonly #counter = new Counter();
  readonly #drifts: Drift[] = [];
  readonly #withoutService: TenantWithoutService[] = [];
  readonly #servicesWithoutTenant: ServiceProblem[] = [];
  readonly #malformed: TenantProblem[] = [];
  readonly #ahead: TenantProblem[] = [];
  readonly #unanswered: ServiceProblem[] = [];

  /** Takes all findings, and says with each of this kind how far it is. */
  async take(
    findings: AsyncIterable<FleetFinding>,
    counted: "service" | "row",
    total: number,
    progress: (progress: Progress) => void,
  ): Promise<void> {
    for await (const finding of findings) {
      this.#add(finding);
      if (finding.kind !== counted) continue;
      const done = this.#counter.tally[counted];
      progress({
        done,
        total: done > total ? undefined : total,
        text: counted === "service" ? "services" : "tenants",
      });
    }
  }

  get report(): FleetReport {
    return {
      tally: this.#counter.tally,
      drifts: this.#drifts.sort(byTenant),
      withoutService: this.#withoutService.sort(byTenant),
      servicesWithoutTenant: this.#servicesWithoutTenant.sort(byService),
      malformed: this.#malformed.sort(byTenant),
      ahead: this.#ahead.sort(byTenant),
      unanswered: this.#unanswered.sort(byService),
    };
  }

  #add(finding: FleetFinding): void {
    this.#counter.add(finding);
    switch (finding.kind) {
      case "drift":
        this.#drifts.push(finding.drift);
        return;
      case "without_service":
        this.#withoutService.push({
          tenantId: finding.tenantId,
          why: finding.why,
          isLost: finding.isLost,
        });
        return;
      case "contested":
        this.#withoutService.push({
          tenantId: finding.tenantId,
          why: `${finding.rowSays ?? "no status"}, claimed by several services, of which one only may bear its tag: ${finding.serviceArns.join(", ")}`,
          isLost: true,
        });
        return;
      case "service_without_tenant":
        this.#servicesWithoutTenant.push({ serviceArn: finding.serviceArn, why: finding.why });
        return;
      case "malformed":
        this.#malformed.push({ tenantId: finding.tenantId, why: finding.why });
        return;
      case "ahead":
        this.#ahead.push({ tenantId: finding.tenantId, why: finding.why });
        return;
      case "unanswered":
        this.#unanswered.push({ serviceArn: finding.serviceArn, why: finding.why });
        return;
      case "service":
      case "tenant_service":
      case "row":
      case "agrees":
      case "kept":
        return;
    }
  }
}

type OfTenant = Pick<TenantProblem, "tenantId">;

const byTenant = (a: OfTenant, b: OfTenant): number => compareText(a.tenantId, b.tenantId);
const byService = (a: ServiceProblem, b: ServiceProblem): number => compareText(a.serviceArn, b.serviceArn);
