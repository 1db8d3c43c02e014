import type { FunctionPackage } from "./function-package.ts";
import type { PlayedEntry } from "./played-entry.ts";
import type { ReadCounts } from "./input/event-stream.ts";
import type { Summary } from "./summary.ts";
import type { TenantItem } from "./tenant-table.ts";
import type { Timings } from "./timings.ts";

/** What a run is about to do. */
export interface RunStart {
  readonly input: string;
  readonly clusterArn: string;
  readonly environment: string;
  readonly package: Pick<FunctionPackage, "zipBytes" | "codeSha256">;
}

/** What a run has come to. */
export interface RunEnd {
  /** All of them, sorted by id. */
  readonly rows: readonly TenantItem[];
  readonly summary: Summary;
  readonly readCounts: ReadCounts;
  /** Whether it was stopped before all events were played. */
  readonly isStopped: boolean;
  /** Where they are asked for. */
  readonly timings: Timings | undefined;
}

/** Shows a run as it happens. */
export interface PlaybackReporter {
  started(start: RunStart): void;
  /** A line that the function logged. */
  logLine(line: string): void;
  played(entry: PlayedEntry): void;
  /** Where there: is given a tenant's row whenever it may have changed. */
  readonly showRow?: (row: TenantItem) => void;
  /** A page of the run is served, and events are taken, here. */
  readonly serving?: (endpoint: string) => void;
  finished(end: RunEnd): void;
  /** Leaves the terminal in order, also where the run did not finish. */
  close(): void;
}
