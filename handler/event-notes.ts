/** What may happen beside an event without failing it; each is a metric. */
export type NotedMetric =
  | "DirectoryItemsRejected"
  | "DirectoryFailures"
  /** The event's service is not the one that the row names. */
  | "ServiceConflicts"
  /** The tags that came with an event are not those of its service. */
  | "TagContradictions";

/** What happened beside an event, for its log line. */
export interface Notes {
  readonly counts: Readonly<Partial<Record<NotedMetric, number>>>;
  /** For people. */
  readonly texts: readonly string[];
}

/** Collects what happens beside the event under way: a container has one at a time. */
export interface EventNotes {
  add(metric: NotedMetric, text: string): void;
  /** Hands over what was noted since the last time. */
  take(): Notes;
}

export const createEventNotes = (): EventNotes => {
  let noted: { readonly metric: NotedMetric; readonly text: string }[] = [];
  return {
    add: (metric, text) => {
      noted.push({ metric, text });
    },
    take: () => {
      const counts: Partial<Record<NotedMetric, number>> = {};
      for (const { metric } of noted) counts[metric] = (counts[metric] ?? 0) + 1;
      const texts = noted.map(({ metric, text }) => `${metric}: ${text}`);
      noted = [];
      return { counts, texts };
    },
  };
};
