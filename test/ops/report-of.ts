import { withAdvice } from "../../checklist/errors.ts";
import type { Report } from "../../checklist/report.ts";
import type { Run } from "./run.ts";

/** What a run with --json printed, which must be one object and nothing else. */
export const reportOf = ({ stdout }: Pick<Run, "stdout">): Report => JSON.parse(stdout) as Report;

/** The check of that title: `fail: expected 0, found 3`. */
export const lineOf = (run: Pick<Run, "stdout">, title: string): string => {
  const checks = reportOf(run).checks.filter((check) => check.title === title);
  const [check] = checks;
  if (check === undefined || checks.length > 1)
    throw new Error(`${checks.length} checks are called ${title}`);
  const { outcome, expected, found, ...advice } = check;
  const what = expected === undefined ? found : `expected ${expected}, found ${found}`;
  return `${outcome}: ${withAdvice(what, advice)}`;
};
