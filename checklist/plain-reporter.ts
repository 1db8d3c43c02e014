import type { Check, Outcome, Progress } from "./check.ts";
import { describeFinding, describeProgress, describeReport } from "./check-line.ts";
import type { Output, Reporter } from "./reporter.ts";
import { visibleLines, visibleText } from "./visible.ts";

/** A line for each check when it is done; what is long says how far it is at every tenth of it. */
export const createPlainReporter = (stdout: Output, stderr: Output): Reporter => {
  let current: string | undefined;
  const enter = (stage: string | undefined): void => {
    if (stage !== current && stage !== undefined) stdout.write(`${visibleText(stage)}\n`);
    current = stage;
  };
  const tenths = new Map<Check, number>();
  return {
    begin: () => undefined,
    started: ({ stage }) => {
      enter(stage);
    },
    progressed: ({ check }, progress) => {
      const tenth = tenthOf(progress);
      if (tenths.get(check) === tenth) return;
      tenths.set(check, tenth);
      stdout.write(`${"".padEnd(LABEL_WIDTH)}${visibleText(check.title)}: ${describeProgress(progress)}\n`);
    },
    finished: ({ stage, check }, finding) => {
      enter(stage);
      stdout.write(`${LABELS[finding.outcome].padEnd(LABEL_WIDTH)}${describeFinding(check, finding)}\n`);
    },
    audit: (line) => stderr.write(`${line}\n`),
    end: (report, result) => {
      if (result !== undefined && result.text !== "") stdout.write(`\n${visibleLines(result.text)}\n\n`);
      stdout.write(`${describeReport(report)}\n`);
      return Promise.resolve();
    },
  };
};

const LABELS: Readonly<Record<Outcome, string>> = {
  pass: "pass",
  fail: "FAIL",
  inconclusive: "inconclusive",
  skip: "skip",
};

const LABEL_WIDTH = "inconclusive".length + 2;

const tenthOf = ({ done, total }: Progress): number => (total === 0 ? 10 : Math.floor((10 * done) / total));
