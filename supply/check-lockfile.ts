import { readFileSync } from "node:fs";
import { tolerateClosedOutput } from "../checklist/closed-output.ts";
import { createCommandLine } from "../checklist/command-line.ts";
import { EXIT_CODES } from "../checklist/exit-code.ts";
import { type Lockfile, lockfileProblems } from "./lockfile.ts";
import { visibleLines } from "../checklist/visible.ts";

/** The second half of `npm run lockfile`. */
tolerateClosedOutput();
const [file = "package-lock.json"] = createCommandLine(
  "lockfile",
  "Checks that every package has a checksum and comes from the npm registry.",
)
  .argument("[file]", "the lock file")
  .parse().args;
const lockfile = JSON.parse(readFileSync(file, "utf8")) as Lockfile;
const problems = lockfileProblems(lockfile);
if (problems.length > 0) {
  console.error(visibleLines(problems.join("\n")));
  process.exitCode = EXIT_CODES.failed;
} else {
  console.log(
    `${Object.keys(lockfile.packages).length - 1} packages come from the npm registry, each with its checksum`,
  );
}
