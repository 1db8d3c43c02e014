import type { PlayedEntry } from "./played-entry.ts";

/** A run in figures. */
export interface Summary {
  readonly events: number;
  readonly applied: number;
  readonly failed: number;
  /** Reason → events. */
  readonly ignored: ReadonlyMap<string, number>;
  /** DynamoDB requests of an applied event → events that cost so many. */
  readonly requests: ReadonlyMap<number, number>;
}

export const emptySummary: Summary = {
  events: 0,
  applied: 0,
  failed: 0,
  ignored: new Map(),
  requests: new Map(),
};

export const addPlayed = (summary: Summary, { result, requests }: PlayedEntry): Summary => {
  const counted = { ...summary, events: summary.events + 1 };
  switch (result.status) {
    case "success":
      return { ...counted, applied: summary.applied + 1, requests: plusOne(summary.requests, requests) };
    case "ignored":
      return { ...counted, ignored: plusOne(summary.ignored, result.reason) };
    case "failed":
      return { ...counted, failed: summary.failed + 1 };
  }
};

/** The summary in words, a line each. */
export const describeSummary = ({ events, applied, failed, ignored, requests }: Summary): string[] => {
  const ignoredCount = sum(ignored.values());
  const reasons = [...ignored]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, count]) => `${reason} ${count}`);
  const lines = [
    `${plural(events, "event")}: ${applied} applied, ${ignoredCount} ignored` +
      `${ignoredCount === 0 ? "" : ` (${reasons.join(", ")})`}, ${failed} failed`,
  ];
  if (applied > 0) {
    const total = sum([...requests].map(([cost, count]) => cost * count));
    const costs = [...requests]
      .sort(([a], [b]) => a - b)
      .map(([cost, count]) => `${cost} for ${plural(count, "event")}`);
    lines.push(`DynamoDB requests per applied event: ${(total / applied).toFixed(2)} (${costs.join(", ")})`);
  }
  return lines;
};

/** By key. */
export const addCounts = <Key>(
  one: ReadonlyMap<Key, number>,
  other: ReadonlyMap<Key, number>,
): ReadonlyMap<Key, number> =>
  new Map([...one, ...[...other].map(([key, count]) => [key, count + (one.get(key) ?? 0)] as const)]);

const plusOne = <Key>(counts: ReadonlyMap<Key, number>, key: Key): ReadonlyMap<Key, number> =>
  new Map(counts).set(key, (counts.get(key) ?? 0) + 1);

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0);

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
