import type { ClusterServices } from "./cluster-services.ts";
import { compareRows, type CompareOptions } from "./compare-rows.ts";
import type { FleetFinding } from "./fleet-finding.ts";
import { observeServices } from "./observe-services.ts";
import { serviceNameOf } from "./service-arn.ts";
import type { Spool, SpoolFolder } from "./spool.ts";
import type { SpooledObservation } from "./spooled-observation.ts";
import type { SeenRow } from "./tenant-rows.ts";

/**
 * A look at all services and all rows of an environment: first the one, then the other. What was seen is put aside in
 * files, so that the memory that it takes does not grow with the fleet. The findings are read as they come.
 */
export class Fleet {
  readonly #observations: Spool<SpooledObservation>;
  readonly #rows: Spool<SeenRow>;
  /** By name; each is told once, though its tenant's row asks again. */
  readonly #unanswered = new Set<string>();

  constructor(
    private readonly services: ClusterServices,
    private readonly options: Omit<CompareOptions, "see" | "now">,
    spools: SpoolFolder,
  ) {
    this.#observations = spools.create();
    this.#rows = spools.create();
  }

  /**
   * Looks at the services.
   * @param active how many active ones ECS had counted before.
   */
  async *observe(active: number): AsyncGenerator<FleetFinding> {
    const { services, options } = this;
    const found = observeServices(services.all(), options.environment, options.table, this.#observations);
    for await (const finding of found) {
      if (finding.kind === "unanswered") this.#unanswered.add(serviceNameOf(finding.serviceArn));
      yield finding;
    }
    const unlisted = Math.min(active, await services.count()) - services.listed;
    if (unlisted > 0)
      yield {
        kind: "unanswered",
        services: unlisted,
        serviceArn: `${options.serviceArnPrefix}*`,
        why: `ECS counts ${services.listed + unlisted} active services and listed ${services.listed}`,
      };
  }

  /** Compares these rows with what was observed. */
  async *compare(rows: AsyncIterable<SeenRow>): AsyncGenerator<FleetFinding> {
    const { services, options } = this;
    for await (const seen of rows) {
      yield { kind: "row", tenantId: seen.tenantId };
      this.#rows.add(seen.tenantId, seen);
    }
    const found = compareRows(this.#rows, this.#observations, {
      ...options,
      see: (serviceArns) => services.see(serviceArns),
      now: () => services.now(),
    });
    for await (const finding of found) {
      const isKnown =
        finding.kind === "unanswered" && this.#unanswered.has(serviceNameOf(finding.serviceArn));
      if (!isKnown) yield finding;
    }
  }
}
