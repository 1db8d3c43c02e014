import fc from "fast-check";
import type { NamedOccurrence } from "../../handler/event-memory.ts";
import { transitionTable } from "../../handler/transition-table.ts";

/**
 * Random occurrences, close enough together in time, names, ids and deployments to collide in every way.
 * Equal ids mean the same event, as in EventBridge.
 */
export const histories = (maxLength: number): fc.Arbitrary<NamedOccurrence[]> =>
  fc
    .array(
      fc.record(
        {
          name: fc.constantFrom(...transitionTable.names),
          at: fc.integer({ min: 0, max: 9 }).map((second) => `2026-03-01T10:00:0${second}Z`),
          deploymentId: fc.constantFrom("ecs-svc/1", "ecs-svc/2"),
          source: fc.constantFrom("reconciler", "operator jo"),
          salt: fc.nat(255),
        },
        { requiredKeys: ["name", "at", "salt"] },
      ),
      { maxLength },
    )
    // Ids that are unique, and in no order.
    .map((events) =>
      events.map(({ salt, ...event }, index) => ({ ...event, id: `${salt.toString(16)}-${index}` })),
    );

type Telling = readonly [name: string, deploymentId?: string];

/** What ECS tells of one chapter in the life of a service, in order; `d` is the number of its next deployment. */
const chapters: readonly ((d: number) => readonly Telling[])[] = [
  // a deployment that works
  (d) => [["DEPLOYMENT_IN_PROGRESS", id(d)], ["DEPLOYMENT_COMPLETED", id(d)], ["SERVICE_STEADY_STATE"]],
  // a first one that fails
  (d) => [["DEPLOYMENT_IN_PROGRESS", id(d)], ["SERVICE_TASK_START_IMPAIRED"], ["DEPLOYMENT_FAILED", id(d)]],
  // one that is rolled back, its failure told late
  (d) => [
    ["DEPLOYMENT_IN_PROGRESS", id(d)],
    ["SERVICE_TASK_START_IMPAIRED"],
    ["DEPLOYMENT_ROLLBACK_STARTED", id(d + 1)],
    ["DEPLOYMENT_FAILED", id(d)],
    ["DEPLOYMENT_COMPLETED", id(d + 1)],
    ["SERVICE_STEADY_STATE"],
  ],
  // a rollback that fails, too
  (d) => [
    ["DEPLOYMENT_IN_PROGRESS", id(d)],
    ["DEPLOYMENT_ROLLBACK_STARTED", id(d + 1)],
    ["DEPLOYMENT_FAILED", id(d + 1)],
    ["SERVICE_TASK_PLACEMENT_FAILURE"],
    ["DEPLOYMENT_FAILED", id(d)],
  ],
  // one that another supersedes before it completes
  (d) => [
    ["DEPLOYMENT_IN_PROGRESS", id(d)],
    ["DEPLOYMENT_IN_PROGRESS", id(d + 1)],
    ["DEPLOYMENT_COMPLETED", id(d)],
    ["DEPLOYMENT_COMPLETED", id(d + 1)],
  ],
  // scaling, with and without enough capacity
  () => [["SERVICE_DESIRED_COUNT_UPDATED"], ["SERVICE_STEADY_STATE"]],
  () => [["SERVICE_DESIRED_COUNT_UPDATED"], ["SERVICE_TASK_PLACEMENT_FAILURE"], ["SERVICE_STEADY_STATE"]],
  () => [["SERVICE_TASK_PLACEMENT_FAILURE"], ["SERVICE_STEADY_STATE"], ["SERVICE_STEADY_STATE"]],
  // the end, after which some events still come
  () => [["SERVICE_DELETED"], ["SERVICE_STEADY_STATE"]],
];

const id = (number: number): string => `ecs-svc/${number}`;

/** Seconds between two events; often none. */
const gap = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 }), fc.integer({ min: 3, max: 90 }));

/**
 * The life of a service as ECS tells it: some chapters, many events in one second, and some told twice, under the
 * other detail-type, up to a second beside and without naming the deployment or the reason.
 */
export const lives: fc.Arbitrary<NamedOccurrence[]> = fc
  .array(
    fc.record({
      chapter: fc.constantFrom(...chapters),
      gaps: fc.array(gap, { minLength: 6, maxLength: 6 }),
      twins: fc.array(fc.constantFrom(undefined, undefined, -1, 0, 1), { minLength: 6, maxLength: 6 }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => {
    const told: NamedOccurrence[] = [];
    let second = 100;
    const tell = (name: string, at: number, deploymentId: string | undefined): void => {
      // Ids in no order of time, as EventBridge's are.
      const eventId = `${(told.length * 7919) % 997}-${told.length}`;
      told.push({ name, at: timeOf(at), id: eventId, deploymentId });
    };
    parts.forEach(({ chapter, gaps, twins }, number) => {
      chapter(number * 2 + 1).forEach(([name, deploymentId], index) => {
        second += gaps[index] ?? 0;
        tell(name, second, deploymentId);
        const beside = twins[index];
        if (deploymentId !== undefined && beside !== undefined) {
          const plain = name === "DEPLOYMENT_ROLLBACK_STARTED" ? "DEPLOYMENT_IN_PROGRESS" : name;
          tell(plain, second + beside, undefined);
        }
      });
    });
    return told;
  });

const timeOf = (second: number): string =>
  new Date(Date.UTC(2026, 2, 1, 10, 0, second)).toISOString().replace(".000Z", "Z");

/** A history as it may arrive: in any order, some of it more than once. */
export const deliveries = (history: readonly NamedOccurrence[]): fc.Arbitrary<NamedOccurrence[]> =>
  fc
    .subarray([...history])
    .chain((again) =>
      fc.shuffledSubarray([...history, ...again], { minLength: history.length + again.length }),
    );
