import { stripVTControlCharacters } from "node:util";
import { fail, type Finding, pass } from "../checklist/check.ts";
import type { Ended } from "./programs.ts";

/** A program's end as a finding: what it printed last, and where the rest is; where it failed, what it says is wrong. */
export const judgeExit = (ended: Ended, expected = 0): Finding =>
  judgeEnd(ended, expected, ended.stdout.trimEnd().split("\n").at(-1) ?? "");

/** The same of `cdktf deploy`, which says what it did before it lists the outputs. */
export const judgeDeploy = (ended: Ended): Finding =>
  judgeEnd(ended, 0, /Apply complete!.*/.exec(ended.stdout)?.[0] ?? ended.stdout);

const judgeEnd = (ended: Ended, expected: number, brief: string): Finding => {
  const { exitCode, logFile } = ended;
  if (exitCode === expected) return pass(brief);
  const faults = faultsIn(ended);
  return fail(
    `exit code ${exitCode}: ${faults.length === 0 ? brief : faults.join(" ")} (log: ${logFile})`,
    `exit code ${expected}`,
  );
};

/** What Terraform says in boxes that are errors, and the checks of ours that failed. */
const faultsIn = ({ stdout, stderr }: Ended): readonly string[] => {
  const printed = stripVTControlCharacters(`${stdout}\n${stderr}`);
  const boxes = [...printed.matchAll(/╷[^╵]*╵/g)].map(([box]) =>
    [...box.matchAll(/│(.*)/g)]
      .map(([, text = ""]) => text.trim())
      .filter((text) => text !== "")
      .join(" "),
  );
  return [
    ...[...printed.matchAll(/^FAIL .*/gm)].map(([line]) => line.replaceAll(/\s+/g, " ")),
    ...boxes.filter((box) => box.startsWith("Error")),
  ];
};
