import { glanceAt } from "./event-glance.ts";
import { describePosition, type StreamEntry } from "./input/event-stream.ts";

/** The beginning of a stream has been read: as far as an event that names a cluster. */
export interface BegunStream {
  readonly clusterArn: string | undefined;
  /** Whether there is any event in it. */
  readonly hasEvents: boolean;
  /** Where there is none: what was found instead, if anything was. */
  readonly problem: string | undefined;
  /** All of them, those already read included. */
  readonly entries: AsyncIterable<StreamEntry>;
}

/** Finds the cluster of the first event that names one, reading no further than that event. */
export const findCluster = async (entries: AsyncGenerator<StreamEntry>): Promise<BegunStream> => {
  const read: StreamEntry[] = [];
  let clusterArn: string | undefined;
  for (let next = await entries.next(); next.done !== true; next = await entries.next()) {
    read.push(next.value);
    clusterArn = next.value.kind === "event" ? glanceAt(next.value.event).clusterArn : undefined;
    if (clusterArn !== undefined) break;
  }
  const malformed = read.find((entry) => entry.kind === "malformed");
  return {
    clusterArn,
    hasEvents: read.some(({ kind }) => kind === "event"),
    problem: malformed && `${describePosition(malformed.position)} ${malformed.problem}`,
    entries: concatenate(read, entries),
  };
};

async function* concatenate<T>(first: Iterable<T>, second: AsyncIterable<T>): AsyncGenerator<T> {
  yield* first;
  yield* second;
}
