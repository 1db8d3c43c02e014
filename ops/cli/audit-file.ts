import { closeSync, openSync, writeSync } from "node:fs";
import { OperatorError } from "../../checklist/errors.ts";
import type { Report } from "../../checklist/report.ts";
import { visibleJson } from "../../checklist/visible.ts";

/**
 * What `--audit FILE` keeps: a line of JSON for each change as it happens, so that it is there even when the command is killed,
 * and one for the command at its end.
 */
export interface AuditFile {
  change(record: object): void;
  end(run: AuditedRun): void;
  close(): void;
}

/** What one command line has come to. */
export interface AuditedRun {
  readonly timestamp: string;
  /** The ARN of who ran it; undefined when AWS did not say. */
  readonly by: string | undefined;
  readonly arguments: readonly string[];
  readonly report: Report;
  /** The titles of the checks that may change something. */
  readonly changing: ReadonlySet<string>;
}

/** @throws {OperatorError} when the file cannot be written: before anything is done. */
export const openAuditFile = (path: string | undefined): AuditFile => {
  if (path === undefined) return NO_FILE;
  const file = open(path);
  const write = (line: object): void => {
    writeSync(file, `${withoutSecrets(visibleJson(line))}\n`);
  };
  let changes = 0;
  return {
    change: (record) => {
      changes++;
      write({ ...record, kind: "change" });
    },
    end: ({ timestamp, by, arguments: words, report, changing }) => {
      const { command, environment, dryRun, outcome, exitCode, interrupted, checks } = report;
      const told = checks.map(({ title, outcome: what, found }) => ({ title, outcome: what, found }));
      write({
        kind: "run",
        timestamp,
        by,
        environment,
        command,
        arguments: words,
        dryRun,
        outcome,
        exitCode,
        interrupted,
        changes,
        changed: told.filter((check) => changing.has(check.title) && check.outcome !== "skip"),
        failed: told.filter(({ outcome: what }) => what === "fail" || what === "mistake"),
      });
    },
    close: () => {
      closeSync(file);
    },
  };
};

const NO_FILE: AuditFile = {
  change: () => undefined,
  end: () => undefined,
  close: () => undefined,
};

/** For its owner alone: it names people and tenants. */
const open = (path: string): number => {
  try {
    return openSync(path, "a", 0o600);
  } catch (error) {
    throw new OperatorError(
      `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      { hint: "Nothing was done. Name another file with --audit", cause: error },
    );
  }
};

/** Nobody means to give one in an argument or a reason; people paste them all the same. */
const withoutSecrets = (json: string): string =>
  json
    .replaceAll(/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, "(access key)")
    .replaceAll(/(https?:\/\/[^\s"?]+)\?[^\s"]+/g, "$1?(left out)")
    .replaceAll(
      /((?:secret[_-]?access[_-]?key|session[_-]?token|password|authorization)["']?\s*[=:]\s*)[^\s",;]+/gi,
      "$1(left out)",
    );
