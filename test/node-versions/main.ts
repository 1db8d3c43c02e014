import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createCommandLine } from "../../checklist/command-line.ts";
import { tolerateClosedOutput } from "../../checklist/closed-output.ts";
import { EXIT_CODES } from "../../checklist/exit-code.ts";
import { fetchNode, NodeUnavailableError } from "./fetch-node.ts";

/** `npm run test:node -- 22 24` */
tolerateClosedOutput();
const program = createCommandLine(
  "test:node",
  "Runs all tests on other versions of Node.js, which it fetches from the npm registry.\n\n" +
    "Exit codes: 0 all passed, 1 a test failed, 2 it was told something wrong, 3 a version could not be fetched.",
)
  .usage("[options] <major...>")
  .argument("<major...>", "major versions, such as 22 24")
  .option("--spec <file>", "run the tests of this file only")
  .parse();
const majors = program.args;
const { spec } = program.opts();
const wrong = majors.find((major) => !/^[1-9]\d$/.test(major));
if (wrong !== undefined) program.error(`a major version is a number such as 22, not '${wrong}'`);

const repository = fileURLToPath(new URL("../..", import.meta.url));
// eslint-disable-next-line no-restricted-syntax -- an edge; the tests run as they would from this shell
const variables = process.env;

const verdicts: string[] = [];
let failed = false;
let missing = false;
for (const major of majors) {
  try {
    const { version, path } = await fetchNode(major, variables);
    console.log(`\n== The tests on Node.js ${version}\n`);
    const { exitCode, failures } = await runTests(path);
    failed ||= exitCode !== 0;
    verdicts.push(`Node.js ${version}: ${exitCode === 0 ? "all tests pass" : `TESTS FAIL\n${failures}`}`);
  } catch (error) {
    if (!(error instanceof NodeUnavailableError)) throw error;
    missing = true;
    verdicts.push(`Node.js ${major}: NOT TESTED. It could not be fetched: ${error.message}`);
  }
}
console.log(`\n${verdicts.join("\n")}`);
process.exitCode = failed ? EXIT_CODES.failed : missing ? EXIT_CODES.inconclusive : EXIT_CODES.fine;

/** With that Node.js first in PATH, for what the tests themselves start. What failed is said again: thousands of lines may follow it. */
async function runTests(node: string): Promise<{ exitCode: unknown; failures: string }> {
  const mocha = join(repository, "node_modules", "mocha", "bin", "mocha.js");
  const tests = spec === undefined ? ["--parallel", "--jobs", "2", "test/**/*.test.ts"] : [spec];
  const folder = mkdtempSync(join(tmpdir(), "test-node-"));
  const failuresFile = join(folder, "failures");
  try {
    const child = spawn(node, [mocha, ...tests], {
      cwd: repository,
      stdio: "inherit",
      env: {
        ...variables,
        PATH: `${dirname(node)}:${variables["PATH"] ?? ""}`,
        TEST_FAILURES_FILE: failuresFile,
      },
    });
    const [exitCode] = (await once(child, "close")) as unknown[];
    return { exitCode, failures: existsSync(failuresFile) ? readFileSync(failuresFile, "utf8") : "" };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
