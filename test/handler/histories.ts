import fc from "fast-check";
import type { NamedOccurrence } from "../../handler/event-memory.ts";
import { transitionTable } from "../../handler/transition-table.ts";

const canonicalNames = transitionTable.eventNames.filter((name) => transitionTable.rule(name) !== undefined);

/**
 * Random occurrences, close enough together in time, names, ids and deployments to collide in every way.
 * Equal ids mean the same event, as in EventBridge.
 */
export const histories = (maxLength: number): fc.Arbitrary<NamedOccurrence[]> =>
  fc
    .array(
      fc.record(
        {
          name: fc.constantFrom(...canonicalNames),
          at: fc.integer({ min: 0, max: 9 }).map((second) => `2026-03-01T10:00:0${second}Z`),
          deploymentId: fc.constantFrom("ecs-svc/1", "ecs-svc/2"),
        },
        { requiredKeys: ["name", "at"] },
      ),
      { maxLength },
    )
    .chain((events) =>
      fc
        .uniqueArray(fc.stringMatching(/^[0-9a-f]{4}$/), {
          minLength: events.length,
          maxLength: events.length,
        })
        .map((ids) =>
          events.map(({ deploymentId, ...event }, index) => ({
            ...event,
            id: ids[index] ?? "",
            ...(deploymentId === undefined ? {} : { deploymentId }),
          })),
        ),
    );

/** A history as it may arrive: in any order, some of it more than once. */
export const deliveries = (history: readonly NamedOccurrence[]): fc.Arbitrary<NamedOccurrence[]> =>
  fc
    .subarray([...history])
    .chain((again) =>
      fc.shuffledSubarray([...history, ...again], { minLength: history.length + again.length }),
    );
