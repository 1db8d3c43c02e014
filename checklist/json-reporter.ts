import type { Output, Reporter } from "./reporter.ts";
import { visibleJson, visibleText } from "./visible.ts";

/** One object on the standard output, nothing else. */
export const createJsonReporter = (stdout: Output, stderr: Output): Reporter => ({
  begin: () => undefined,
  started: () => undefined,
  progressed: (_check, { records = [], notice }) => {
    if (notice !== undefined) stderr.write(`${visibleText(notice)}\n`);
    for (const record of records) stdout.write(`${visibleJson(record)}\n`);
  },
  finished: () => undefined,
  audit: (line) => stderr.write(`${line}\n`),
  end: (report) => {
    stdout.write(`${visibleJson(report, 2)}\n`);
    return Promise.resolve();
  },
});
