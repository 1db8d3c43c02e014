/** Where the time of a run has gone, in milliseconds. */
export interface Timings {
  readonly events: number;
  readonly wallMs: number;
  /** What containers had events for, all together: they work side by side. */
  readonly containersMs: number;
  /** Of that, about: from the arrival of a request of the function at DynamoDB to its answer. */
  readonly dynamoDbMs: number;
  /** The processor's time in the containers. */
  readonly containersCpuMs: number;
  /** The most memory that a container has had, in bytes. */
  readonly containerMaxRssBytes: number;
  /** The processor's time in this process, which reads, prints, and has the table. */
  readonly ownCpuMs: number;
  /** The most memory that this process has had, in bytes. */
  readonly maxRssBytes: number;
}

/** The timings in words, a line each. */
export const describeTimings = ({
  events,
  wallMs,
  containersMs,
  dynamoDbMs,
  containersCpuMs,
  containerMaxRssBytes,
  ownCpuMs,
  maxRssBytes,
}: Timings): string[] => {
  const each = (totalMs: number): string => `${(totalMs / Math.max(1, events)).toFixed(2)} ms`;
  return [
    `Time: ${(wallMs / 1000).toFixed(1)} s, ${Math.round((events / Math.max(1, wallMs)) * 1000)} events a second`,
    `Of an event: ${each(containersMs)} in a container, of which ${each(dynamoDbMs)} in DynamoDB and the rest in the function and on the way`,
    `The containers: ${each(containersCpuMs)} of the processor an event, each at most ${megabytes(containerMaxRssBytes)}`,
    `This process, which reads, prints and has the table: ${each(ownCpuMs)} of the processor an event, at most ${megabytes(maxRssBytes)}`,
  ];
};

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
