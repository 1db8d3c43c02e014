import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { createCommandLine } from "../../checklist/command-line.ts";
import { tolerateClosedOutput } from "../../checklist/closed-output.ts";
import { EXIT_CODES } from "../../checklist/exit-code.ts";
import { planTestRun } from "./plan-test-run.ts";
import { type FileCoverage, roomsBelowTheirFloors } from "./room-coverage.ts";

/** `npm test` */
tolerateClosedOutput();
const program = createCommandLine(
  "test",
  "Runs all tests, or those of some files alone.\n\n" +
    "Exit codes: 0 all passed, 1 a test failed or the coverage is too low, 2 it was told something wrong.",
)
  .usage("[options] [file...]")
  .argument("[file...]", "run these alone")
  .option("--fast", "run the tests that start no program and no database")
  .option("--grep <text>", "run the tests whose title has this")
  .option("--coverage", "measure what all tests reach, and fail where it is too little")
  .option(
    "--jobs <number>",
    "how many processes share the test files",
    Number,
    // One more than there are processors: many tests wait for a program, a time-out or a database.
    availableParallelism() + 1,
  )
  .parse();
const { fast, grep, coverage, jobs } = program.opts();
if (!(jobs > 0)) program.error("--jobs takes a number");
if (coverage === true && (program.args.length > 0 || fast === true || grep !== undefined))
  program.error("--coverage is of all tests: leave out the files, --fast and --grep");

const repository = fileURLToPath(new URL("../..", import.meta.url));
const require = createRequire(import.meta.url);
const testFiles = readdirSync(new URL("..", import.meta.url), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => `test/${file.replaceAll("\\", "/")}`)
  .sort();

// What an earlier run left must not be judged.
const summary = new URL("../../coverage/coverage-summary.json", import.meta.url);
if (coverage === true) rmSync(summary, { force: true });

const tests = spawn(
  process.execPath,
  planTestRun({ files: program.args, fast, coverage, grep, jobs }, testFiles, {
    c8: require.resolve("c8/bin/c8.js"),
    mocha: require.resolve("mocha/bin/mocha.js"),
  }),
  { cwd: repository, stdio: "inherit" },
);
const [exitCode] = (await once(tests, "close")) as unknown[];
// Mocha ends with the number of failures.
const tooLow =
  exitCode === 0 && coverage === true
    ? roomsBelowTheirFloors(
        JSON.parse(readFileSync(summary, "utf8")) as Readonly<Record<string, FileCoverage>>,
      )
    : [];
for (const sentence of tooLow) console.error(`ERROR: ${sentence}`);
process.exitCode = exitCode === 0 && tooLow.length === 0 ? EXIT_CODES.fine : EXIT_CODES.failed;
