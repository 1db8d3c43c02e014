import type { FunctionPackage } from "./function-package.ts";
import type { Outcome } from "./outcome.ts";
import type { Summary } from "./summary.ts";
import type { TenantRow } from "./tenant-table.ts";

/** What a run is about to do. */
export interface RunStart {
  readonly source: string;
  readonly clusterArn: string;
  readonly environment: string;
  readonly package: Pick<FunctionPackage, "zipBytes" | "codeSha256">;
}

/** How a run is told to whoever watches. */
export interface Report {
  started(start: RunStart): void;
  /** A line that the function logged. */
  logLine(line: string): void;
  outcome(outcome: Outcome): void;
  /** Where there: is given a tenant's row whenever it may have changed. */
  readonly showRow?: (row: TenantRow) => void;
  /** @param rows all of them, sorted by id. */
  finished(rows: readonly TenantRow[], summary: Summary): void;
  /** Leaves the terminal in order, also where the run did not finish. */
  close(): void;
}

/** Something that takes text: a stream of the process. */
export interface Output {
  write(text: string): unknown;
}
