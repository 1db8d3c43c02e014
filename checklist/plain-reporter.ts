import type { Check, Outcome, Progress } from "./check.ts";
import { describeFinding, describeProgress, describeReport } from "./check-line.ts";
import { type Display, PLAIN } from "./display.ts";
import { draw } from "./draw.ts";
import { fitLines } from "./fit-lines.ts";
import type { Output, Reporter } from "./reporter.ts";
import { visibleText } from "./visible.ts";

/** A line for each check when it is done; what is long says how far it is at every tenth of it. */
export const createPlainReporter = (
  stdout: Output,
  stderr: Output,
  displayNow: () => Display = () => PLAIN,
): Reporter => {
  const print = (line: string, hanging?: number): void => {
    stdout.write(`${fitLines(line, displayNow().columns, { hanging })}\n`);
  };
  let current: string | undefined;
  const enter = (stage: string | undefined): void => {
    if (stage !== current && stage !== undefined) print(visibleText(stage));
    current = stage;
  };
  const tenths = new Map<Check, number>();
  let lastView = "";
  return {
    begin: () => undefined,
    started: ({ stage }) => {
      enter(stage);
    },
    progressed: ({ check }, progress) => {
      if (progress.notice !== undefined) {
        stderr.write(`${fitLines(visibleText(progress.notice), stderr.columns)}\n`);
        return;
      }
      if (progress.news !== undefined) {
        stdout.write(`${draw(progress.news, displayNow())}\n`);
        return;
      }
      if (progress.view !== undefined) {
        const view = draw(progress.view, displayNow());
        if (view !== lastView && view !== "") stdout.write(`${view}\n`);
        lastView = view;
        return;
      }
      const tenth = tenthOf(progress);
      if (tenths.get(check) === tenth) return;
      tenths.set(check, tenth);
      print(`${"".padEnd(LABEL_WIDTH)}${visibleText(check.title)}: ${describeProgress(progress)}`, 0);
    },
    finished: ({ stage, check }, finding) => {
      enter(stage);
      print(`${LABELS[finding.outcome].padEnd(LABEL_WIDTH)}${describeFinding(check, finding)}`, LABEL_WIDTH);
    },
    audit: (line) => stderr.write(`${line}\n`),
    end: (report, result) => {
      const text = result === undefined ? "" : draw(result.text, displayNow());
      if (text !== "") stdout.write(`\n${text}\n\n`);
      print(describeReport(report));
      return Promise.resolve();
    },
  };
};

const LABELS: Readonly<Record<Outcome, string>> = {
  pass: "pass",
  fail: "FAIL",
  mistake: "MISTAKE",
  inconclusive: "inconclusive",
  skip: "skip",
};

const LABEL_WIDTH = "inconclusive".length + 2;

/** Where nobody knows of how many, a line at twice as many as at the last. */
const tenthOf = ({ done, total }: Progress): number => {
  if (total === undefined) return Math.floor(Math.log2(Math.max(1, done)));
  return total === 0 ? 10 : Math.floor((10 * done) / total);
};
