import { Option } from "@commander-js/extra-typings";
import { createCommandLine } from "../checklist/command-line.ts";
import { tolerateClosedOutput } from "../checklist/closed-output.ts";
import { describeExplanation, OperatorError } from "../checklist/errors.ts";
import { onInterruption } from "../checklist/interruption.ts";
import { visibleLines } from "../checklist/visible.ts";
import { runRehearsal } from "./rehearsal.ts";
import { STANDALONE_NAMES } from "./stages/standalone.ts";

/** `npm run rehearse` */
tolerateClosedOutput();
const { keep, transcript, only } = createCommandLine(
  "rehearse",
  "Rehearses a deployment's whole life on an emulated AWS, with the real Terraform and the zip that it deploys. " +
    "Exit codes: 0 all went well, 1 something did not, 2 it was told something wrong, 3 tools are missing and nothing " +
    "was rehearsed.\n\n" +
    "It starts moto by itself. AWS_ENDPOINT_URL names another emulator, which has to be fresh and to hand each " +
    "invocation of a function to REHEARSAL_RUNNER_URL, as rehearsal/emulator/moto/moto_mended.py does: the functions run here, " +
    "under AWS's own runtime.",
)
  .option("--keep", "leave the emulator running at the end, until Ctrl-C, and say how to use it by hand")
  .option(
    "--transcript <file>",
    "write what happened into a Markdown file, without what differs from run to run",
  )
  .addOption(
    new Option("--only <stage...>", "rehearse these stages alone, which need nothing of others")
      .choices(STANDALONE_NAMES)
      .conflicts("transcript"),
  )
  .parse()
  .opts();

// The SDK's advice on Node versions is for who updates it.
// eslint-disable-next-line no-restricted-syntax -- an edge
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

const interruption = new AbortController();
onInterruption(() => {
  interruption.abort();
});

try {
  process.exitCode = await runRehearsal({
    // eslint-disable-next-line no-restricted-syntax -- this is the edge where the environment is read
    variables: process.env,
    output: process.stdout,
    signal: interruption.signal,
    keep: keep ?? false,
    transcript,
    only,
  });
} catch (error) {
  if (!(error instanceof OperatorError)) throw error;
  console.error(visibleLines(describeExplanation(error)));
  process.exitCode = 2;
}
