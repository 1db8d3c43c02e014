import { tolerateClosedOutput } from "../checklist/closed-output.ts";
import { createCommandLine } from "../checklist/command-line.ts";
import { OperatorError } from "../checklist/errors.ts";
import { EXIT_CODES } from "../checklist/exit-code.ts";
import { visibleLines } from "../checklist/visible.ts";
import { asLockfile, lockfileProblems } from "./lockfile.ts";
import { readJson } from "./read-json.ts";

/** The second half of `npm run lockfile`. */
tolerateClosedOutput();
const [file = "package-lock.json"] = createCommandLine(
  "lockfile",
  "Checks that every package has a checksum and comes from the npm registry.",
)
  .argument("[file]", "the lock file")
  .parse().args;
try {
  const lockfile = asLockfile(readJson(file), file);
  const problems = lockfileProblems(lockfile);
  if (problems.length > 0) {
    console.error(visibleLines(problems.join("\n")));
    process.exitCode = EXIT_CODES.failed;
  } else {
    console.log(
      `${Object.keys(lockfile.packages).length - 1} packages come from the npm registry, each with its checksum`,
    );
  }
} catch (error) {
  if (!(error instanceof OperatorError)) throw error;
  console.error(visibleLines(error.message));
  process.exitCode = EXIT_CODES.mistake;
}
