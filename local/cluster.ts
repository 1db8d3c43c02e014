import { glanceAt } from "./event-glance.ts";
import type { StreamEntry } from "./event-stream.ts";

/**
 * Finds the cluster of the first event that names one, reading no further than that event.
 * The entries returned are all of them, those already read included.
 */
export const findCluster = async (
  entries: AsyncGenerator<StreamEntry>,
): Promise<{ readonly clusterArn: string | undefined; readonly entries: AsyncIterable<StreamEntry> }> => {
  const read: StreamEntry[] = [];
  for (let next = await entries.next(); next.done !== true; next = await entries.next()) {
    read.push(next.value);
    const clusterArn = next.value.kind === "event" ? glanceAt(next.value.event).clusterArn : undefined;
    if (clusterArn !== undefined) return { clusterArn, entries: concatenate(read, entries) };
  }
  return { clusterArn: undefined, entries: concatenate(read, entries) };
};

async function* concatenate<T>(first: Iterable<T>, second: AsyncIterable<T>): AsyncGenerator<T> {
  yield* first;
  yield* second;
}
