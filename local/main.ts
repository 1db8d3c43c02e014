import { constants } from "node:os";
import { resolve } from "node:path";
import { isatty } from "node:tty";
import { TransitionsError } from "../build/transitions-check.ts";
import { tolerateClosedOutput } from "../checklist/closed-output.ts";
import { describeExplanation, type Explanation } from "../checklist/errors.ts";
import { fitLines } from "../checklist/fit-lines.ts";
import { onInterruption } from "../checklist/interruption.ts";
import { assumeTerminalSize } from "../checklist/terminal-size.ts";
import { visibleJson, visibleLines } from "../checklist/visible.ts";
import { UsageError } from "./errors.ts";
import { forgetAwsSettings } from "./forget-aws-settings.ts";
import { createJsonPlaybackReporter } from "./json-playback-reporter.ts";
import { createLivePlaybackReporter } from "./live-playback-reporter.ts";
import { type StartOptions, parseOptions } from "./options.ts";
import { createPlainPlaybackReporter } from "./plain-playback-reporter.ts";
import type { PlaybackReporter } from "./playback-reporter.ts";
import { run } from "./run.ts";
import { wantsColor } from "../checklist/wants-color.ts";
import { createStyle } from "./style.ts";

const { env, stdin, stdout, stderr } = process;
forgetAwsSettings(env);
// The SDK's advice on Node versions is for who updates it, not for who plays events.
env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

for (const stream of [stdout, stderr]) assumeTerminalSize(stream);

/** Aborted with the exit code that says why. */
const stop = new AbortController();
onInterruption((signal) => {
  stop.abort(128 + constants.signals[signal]);
});
// Nobody reads on: there is nothing left to do.
tolerateClosedOutput(() => {
  stop.abort(0);
});

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const options = parseOptions(process.argv.slice(2), columnsOf(stdout));
    if ("help" in options) {
      stdout.write(options.help);
      return 0;
    }
    const context = { standardInput: stdin, reporter: reporterFor(options), signal: stop.signal };
    return (await run(withPaths(options), context)) ? 0 : 1;
  } catch (error) {
    const isMistake = error instanceof UsageError || error instanceof TransitionsError;
    // A page that cannot be written is said of a run that was stopped, too.
    if (isMistake) explain(error);
    if (stop.signal.aborted) return Number(stop.signal.reason);
    if (!isMistake) throw error;
    return 2;
  }
}

function explain(explanation: Explanation): void {
  if (process.argv.includes("--json")) {
    const { message, hint, next } = explanation;
    stdout.write(`${visibleJson({ type: "mistake", message, hint, next })}\n`);
  } else stderr.write(`${fitLines(visibleLines(describeExplanation(explanation)), columnsOf(stderr))}\n`);
}

/** Of a terminal; undefined for what takes lines of any length. */
function columnsOf(stream: NodeJS.WriteStream & { readonly fd: number }): number | undefined {
  // Not stream.isTTY, which is undefined, rather than false, for a pipe.
  return isatty(stream.fd) ? stream.columns : undefined;
}

function reporterFor({ json }: StartOptions): PlaybackReporter {
  if (json) return createJsonPlaybackReporter(stdout, stderr);
  const isTerminal = isatty(stdout.fd);
  const style = createStyle(wantsColor(env, isTerminal));
  return isTerminal && env["TERM"] !== "dumb"
    ? createLivePlaybackReporter(stdout, style)
    : createPlainPlaybackReporter(stdout, style, () => columnsOf(stdout));
}

/** npm runs its scripts in the repository; paths are meant from where npm was called. */
function withPaths(options: StartOptions): StartOptions {
  const folder = env["npm_lifecycle_event"] === "start" ? (env["INIT_CWD"] ?? ".") : ".";
  const from = (file: string | undefined): string | undefined =>
    file === undefined || file === "-" ? file : resolve(folder, file);
  return {
    ...options,
    eventsFile: from(options.eventsFile),
    tenantsFile: from(options.tenantsFile),
    rowsFile: from(options.rowsFile),
    htmlFile: from(options.htmlFile),
  };
}
