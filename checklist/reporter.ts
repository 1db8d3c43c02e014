import type { Report } from "./report.ts";
import type { CheckObserver } from "./run-checks.ts";
import type { Result, Stage } from "./stage.ts";

/** Shows a command's run: to a terminal, as plain lines, or as one object for machines. */
export interface Reporter extends CheckObserver {
  begin(stage: Stage): void;
  /** A line of JSON for the record. */
  audit(line: string): void;
  end(report: Report, result: Result | undefined): Promise<void>;
}

/** Where text goes to. */
export interface Output {
  write(text: string): unknown;
  /** How wide the terminal is; undefined for what is none. */
  readonly columns?: number | undefined;
}
