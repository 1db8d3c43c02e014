import { pMapIterable } from "p-map";
import type { TransitionTable } from "../handler/transition-table.ts";
import { DESCRIBE_BATCH, DESCRIBE_CONCURRENCY, type SeenService } from "./cluster-services.ts";
import { compareRow } from "./drift.ts";
import { judgeService } from "./ecs-verdict.ts";
import type { FleetFinding } from "./fleet-finding.ts";
import { futureEvents } from "./forget-future.ts";
import type { Observation } from "./observation.ts";
import { eventSeenAs } from "./seen-event.ts";
import { isInCluster, serviceNameOf } from "./service-arn.ts";
import { tenantOf } from "./service-tenant.ts";
import { shardNumbers, type Spool } from "./spool.ts";
import { readObservation, type SpooledObservation } from "./spooled-observation.ts";
import type { SeenRow } from "./tenant-rows.ts";
import { chooseServices, type TenantsServices } from "./tenants-observations.ts";

export interface CompareOptions {
  readonly table: TransitionTable;
  /** Only services tagged with it are tenants'. */
  readonly environment: string;
  /** Asks ECS about up to DESCRIBE_BATCH services. */
  readonly see: (serviceArns: readonly string[]) => Promise<readonly SeenService[]>;
  /** What the ARNs of the cluster's services begin with. */
  readonly serviceArnPrefix: string;
  /** What time it is by ECS's clock. */
  readonly now: () => Date;
}

type ReadableRow = Extract<SeenRow, { kind: "row" }>;

/** A row that ECS has to be asked about: no service bears its tenant's tag, but the row names one. */
interface Question {
  readonly seen: ReadableRow;
  readonly serviceArn: string;
}

/** What can be said of a row at once; or what ECS has to be asked first. */
type Step =
  | { readonly kind: "found"; readonly finding: FleetFinding }
  | { readonly kind: "ask"; readonly question: Question };

/**
 * Compares each row with its tenant's service, both put aside before: one shard of each is in memory at a time. The rows
 * are to be read after the services were seen: a row may know newer events than the observation, which then count, but
 * never older ones that make for a false alarm.
 *
 * A tenant without a service counts as deleted only when its row names the service and ECS, asked about just that one,
 * says so: a tag that is missing or may not be read, or a page that is missing, deletes nobody.
 */
export async function* compareRows(
  rows: Spool<SeenRow>,
  observations: Spool<SpooledObservation>,
  options: CompareOptions,
): AsyncGenerator<FleetFinding> {
  const deletedStatus = eventSeenAs("deleted", options.table).status;

  /** Findings one by one, questions in batches. */
  function* steps(): Generator<readonly Step[]> {
    let questions: Step[] = [];
    for (const shard of shardNumbers) {
      const observed = observations.read(shard).map((spooled) => readObservation(spooled, options.table));
      const services = chooseServices(observed, deletedStatus);
      for (const seen of rows.read(shard)) {
        const step = lookAt(seen, services.get(seen.tenantId), deletedStatus, options);
        services.delete(seen.tenantId);
        if (step.kind === "found") yield [step];
        else questions.push(step);
        if (questions.length === DESCRIBE_BATCH) {
          yield questions;
          questions = [];
        }
      }
      for (const [tenantId, left] of services) yield withoutRow(tenantId, left);
    }
    if (questions.length > 0) yield questions;
  }

  const answer = async (batch: readonly Step[]): Promise<readonly FleetFinding[]> => {
    const questions = batch.flatMap((step) => (step.kind === "ask" ? [step.question] : []));
    const found = batch.flatMap((step) => (step.kind === "found" ? [step.finding] : []));
    return questions.length === 0 ? found : [...found, ...(await ask(questions, deletedStatus, options))];
  };

  for await (const findings of pMapIterable(steps(), answer, { concurrency: DESCRIBE_CONCURRENCY }))
    yield* findings;
}

const lookAt = (
  seen: SeenRow,
  services: TenantsServices | undefined,
  deletedStatus: string,
  { table, serviceArnPrefix, now }: CompareOptions,
): Step => {
  const { tenantId } = seen;
  if (seen.kind === "malformed") return found({ kind: "malformed", tenantId, why: seen.problem });
  const { row } = seen;
  const future = futureEvents(row.events, now());
  if (future.length > 0)
    return found({
      kind: "ahead",
      tenantId,
      why: `${statusOf(seen)}, by ${future.map(({ name, at, id }) => `${name} of ${at} (${id})`).join(", ")}`,
    });
  if (services?.kind === "observed") return found(compare(seen, services.observation, table));
  if (services?.kind === "contested") return found({ ...services, tenantId, rowSays: row.status });
  if (row.status === deletedStatus) return found({ kind: "agrees", tenantId });
  const withoutService = (why: string, isLost: boolean): Step =>
    found({ kind: "without_service", tenantId, why: `${statusOf(seen)}, ${why}`, isLost });
  if (row.serviceArn === undefined) return withoutService("no service bears its tag", false);
  if (!isInCluster(row.serviceArn, serviceArnPrefix))
    return withoutService(`${row.serviceArn} is not of this cluster`, true);
  return { kind: "ask", question: { seen, serviceArn: row.serviceArn } };
};

const found = (finding: FleetFinding): Step => ({ kind: "found", finding });

const ask = async (
  questions: readonly Question[],
  deletedStatus: string,
  { table, environment, see }: CompareOptions,
): Promise<readonly FleetFinding[]> => {
  const answers = await see([...new Set(questions.map(({ serviceArn }) => serviceArn))]);
  const byName = new Map(answers.map((answer) => [serviceNameOf(answer.serviceArn), answer]));
  return questions.map(({ seen, serviceArn }): FleetFinding => {
    const { tenantId } = seen;
    const answer = byName.get(serviceNameOf(serviceArn));
    if (answer === undefined || answer.kind === "unanswered")
      return {
        kind: "unanswered",
        services: 1,
        serviceArn,
        why: `tenant ${tenantId}: ${answer?.why ?? "no answer"}`,
      };
    const service = answer.kind === "described" ? answer.service : undefined;
    const verdict = judgeService(service, table, new Date(answer.at));
    const tenant = service && tenantOf(service, environment);
    // Not listed, but there all the same, with its tag: a page was missing, or the tag came a moment ago.
    const isTenants = tenant?.kind === "tenant" && tenant.tenantId === tenantId;
    if (verdict.rule.status === deletedStatus || isTenants)
      return compare(seen, { tenantId, serviceArn, verdict, at: answer.at }, table);
    return {
      kind: "without_service",
      tenantId,
      why: `${statusOf(seen)}, ${serviceArn} does not bear its tag`,
      isLost: true,
    };
  });
};

const compare = (
  { tenantId, row, since }: ReadableRow,
  observation: Observation,
  table: TransitionTable,
): FleetFinding => {
  const comparison = compareRow(row, observation, table);
  switch (comparison.kind) {
    case "agrees":
    case "kept":
      return { kind: comparison.kind, tenantId };
    case "drift":
      return {
        kind: "drift",
        drift: { tenantId, rowSays: row.status, rowSince: since, observation, events: comparison.events },
      };
  }
};

const withoutRow = (tenantId: string, services: TenantsServices): readonly Step[] => {
  const serviceArns =
    services.kind === "contested" ? services.serviceArns : [services.observation.serviceArn];
  return serviceArns.map((serviceArn) =>
    found({ kind: "service_without_tenant", serviceArn, why: `tenant ${tenantId} has no row` }),
  );
};

const statusOf = ({ row }: ReadableRow): string => row.status ?? "no status";
