import type { EventRule } from "../handler/transition-data.ts";
import type { Observation } from "./observation.ts";

/** A row that says something else than its service. */
export interface Drift {
  readonly tenantId: string;
  readonly rowSays: string | undefined;
  readonly rowSince: string | undefined;
  readonly observation: Observation;
  /** What has to be told to the handler, in this order. */
  readonly events: readonly EventRule[];
}

export interface TenantProblem {
  readonly tenantId: string;
  readonly why: string;
}

export interface TenantWithoutService extends TenantProblem {
  /** It had a service, as far as is known; else none was made for it yet. */
  readonly isLost: boolean;
}

export interface ServiceProblem {
  readonly serviceArn: string;
  readonly why: string;
}

/** One thing that a look at the fleet found. */
export type FleetFinding =
  /** ECS listed it. */
  | { readonly kind: "service"; readonly serviceArn: string }
  /** One of a tenant, whose tags are as they are to be. */
  | {
      readonly kind: "tenant_service";
      readonly serviceArn: string;
      readonly tenantId: string;
      readonly at: string;
    }
  | ({ readonly kind: "service_without_tenant" } & ServiceProblem)
  /** ECS could not say anything of it, or of so many: nobody of them counts as gone. */
  | ({ readonly kind: "unanswered"; readonly services: number } & ServiceProblem)
  /** A row of a tenant. */
  | { readonly kind: "row"; readonly tenantId: string }
  | { readonly kind: "agrees"; readonly tenantId: string }
  /** It differs, rightly: another service's status, or an event newer than the observation. */
  | { readonly kind: "kept"; readonly tenantId: string }
  | { readonly kind: "drift"; readonly drift: Drift }
  | ({ readonly kind: "without_service" } & TenantWithoutService)
  /** Several services claim the tenant; there is no saying which of them is right. */
  | {
      readonly kind: "contested";
      readonly tenantId: string;
      readonly rowSays: string | undefined;
      readonly serviceArns: readonly string[];
    }
  /** A row that the handler would refuse to touch. */
  | ({ readonly kind: "malformed" } & TenantProblem)
  /** A row that remembers an event of the future: until then nothing that happens counts, so it is not compared. */
  | ({ readonly kind: "ahead" } & TenantProblem);

/** How many of each there are. */
export type Tally = Readonly<
  Record<Exclude<FleetFinding["kind"], "without_service"> | "lost" | "unborn", number>
>;

/** Counts findings. A tenant without a service has lost it, or none was made for it yet. */
export class Counter {
  readonly #counts = {
    service: 0,
    tenant_service: 0,
    service_without_tenant: 0,
    unanswered: 0,
    row: 0,
    agrees: 0,
    kept: 0,
    drift: 0,
    lost: 0,
    unborn: 0,
    contested: 0,
    malformed: 0,
    ahead: 0,
  };

  add(finding: FleetFinding): void {
    const kind = finding.kind === "without_service" ? (finding.isLost ? "lost" : "unborn") : finding.kind;
    this.#counts[kind] += finding.kind === "unanswered" ? finding.services : 1;
  }

  get tally(): Tally {
    return { ...this.#counts };
  }
}
