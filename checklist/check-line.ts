import type { Check, Finding, Outcome, Progress } from "./check.ts";
import { withAdvice } from "./errors.ts";
import type { Report } from "./report.ts";
import { visibleText } from "./visible.ts";

/** `Title: what was found`; what was expected only where it was not found, and what to do about it. On one line. */
export const describeFinding = (
  { title }: Pick<Check, "title">,
  { outcome, expected, found, ...advice }: Finding,
): string =>
  visibleText(
    expected === undefined || outcome === "pass"
      ? `${title}: ${withAdvice(found, advice)}`
      : `${title}: expected ${expected}, found ${withAdvice(found, advice)}`,
  );

/** `[#####---------------] 5/20 text`; `5 text` where nobody knows of how many. */
export const describeProgress = ({ done, total, text }: Progress): string => {
  const rest = text === undefined ? "" : ` ${visibleText(text)}`;
  if (total === undefined) return `${done}${rest}`;
  const filled = total === 0 ? BAR_WIDTH : Math.round((Math.min(done, total) / total) * BAR_WIDTH);
  const bar = "#".repeat(filled).padEnd(BAR_WIDTH, "-");
  return `[${bar}] ${done}/${total}${rest}`;
};

const BAR_WIDTH = 20;

/** `verify dev: FAILED. 9 passed, 1 failed, 2 skipped` */
export const describeReport = ({
  command,
  environment,
  outcome,
  interrupted,
  dryRun,
  checks,
}: Report): string => {
  const counts = COUNTED.map(
    ([counted, word]) => [checks.filter((check) => check.outcome === counted).length, word] as const,
  )
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`);
  return `${command} ${environment}${dryRun ? " (dry run)" : ""}: ${interrupted ? "INTERRUPTED" : VERDICTS[outcome]}. ${counts.join(", ")}`;
};

const COUNTED: readonly (readonly [Outcome, string])[] = [
  ["pass", "passed"],
  ["fail", "failed"],
  ["mistake", "not possible"],
  ["inconclusive", "inconclusive"],
  ["skip", "skipped"],
];

const VERDICTS: Readonly<Record<Report["outcome"], string>> = {
  pass: "ok",
  fail: "FAILED",
  mistake: "MISTAKE",
  inconclusive: "INCONCLUSIVE",
};
