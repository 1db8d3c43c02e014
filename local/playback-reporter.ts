import type { FunctionPackage } from "./function-package.ts";
import type { PlayedEntry } from "./played-entry.ts";
import type { Summary } from "./summary.ts";
import type { TenantItem } from "./tenant-table.ts";

/** What a run is about to do. */
export interface RunStart {
  readonly input: string;
  readonly clusterArn: string;
  readonly environment: string;
  readonly package: Pick<FunctionPackage, "zipBytes" | "codeSha256">;
}

/** Shows a run as it happens. */
export interface PlaybackReporter {
  started(start: RunStart): void;
  /** A line that the function logged. */
  logLine(line: string): void;
  played(entry: PlayedEntry): void;
  /** Where there: is given a tenant's row whenever it may have changed. */
  readonly showRow?: (row: TenantItem) => void;
  /** @param rows all of them, sorted by id. */
  finished(rows: readonly TenantItem[], summary: Summary): void;
  /** Leaves the terminal in order, also where the run did not finish. */
  close(): void;
}
