import { text } from "node:stream/consumers";
import { createAws } from "./aws/clients.ts";
import { tolerateClosedOutput } from "../checklist/closed-output.ts";
import { systemClock } from "../checklist/clock.ts";
import { onInterruption } from "../checklist/interruption.ts";
import { assumeTerminalSize } from "../checklist/terminal-size.ts";
import { wantsColor } from "../checklist/wants-color.ts";
import { runOps } from "./cli/run-ops.ts";
import { startProgram } from "./cli/start-program.ts";

/** `npm run ops -- <command> <environment>` */
const { env, stdout, stderr, stdin } = process;
const { TERM, CI } = env;
// The SDK's advice on Node versions is for developers, not for operators.
env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
tolerateClosedOutput();
for (const stream of [stdout, stderr]) assumeTerminalSize(stream);
const interruption = new AbortController();
// Terraform is told, and waited for, and gives its lock back.
onInterruption(() => {
  interruption.abort();
});

process.exitCode = await runOps(process.argv.slice(2), {
  createAws,
  stdout,
  stderr,
  terminal: stdout.isTTY && TERM !== "dumb" && CI === undefined ? { stdout, stderr } : undefined,
  color: wantsColor(env, stdout.isTTY),
  readInput: () => text(stdin),
  clock: systemClock,
  signal: interruption.signal,
  startProgram,
});
