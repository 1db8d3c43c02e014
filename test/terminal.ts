import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";

export interface Terminal {
  /** Resolves as soon as this has been shown. */
  shows(text: string): Promise<void>;
  type(text: string): void;
  readonly ended: Promise<{ readonly exitCode: unknown; readonly shown: string }>;
}

/** What Ctrl-C is to a terminal. */
export const CTRL_C = "\u0003";

/** BSD's `script`, which macOS has, takes other options, and returns no exit code. */
const findTrouble = (): string | undefined => {
  const { error, stdout } = spawnSync("script", ["--version"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  if (error !== undefined) return "this machine has no script";
  return stdout.includes("util-linux") ? undefined : "the script of this machine is not util-linux's";
};

const trouble = findTrouble();
if (trouble !== undefined)
  console.error(`\n!!! NOTHING IS TESTED ON A TERMINAL: ${trouble}. On Linux, install util-linux.\n`);

/** A test that needs a terminal: as `it`, and none where there is none. Not it.skip: a run with pending tests fails. */
export const itOnTerminal: (title: string, test: () => Promise<void>) => void =
  trouble === undefined ? (title, test) => it(title, test) : () => undefined;

/** Runs a program on a terminal of its own, which util-linux's `script` makes. */
export const startOnTerminal = (
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
): Terminal => {
  const quoted = command.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(" ");
  const script = spawn(
    "script",
    ["--quiet", "--return", "--flush", "--command", `exec ${quoted}`, "/dev/null"],
    {
      // eslint-disable-next-line no-restricted-syntax -- programs are found by it
      env: { PATH: process.env["PATH"], SHELL: "/bin/sh", TERM: "xterm", ...environment },
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  let shown = "";
  script.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
  });
  return {
    shows: async (text) => {
      while (!shown.includes(text)) {
        if (script.exitCode !== null) throw new Error(`It ended before it showed ${text}:\n${shown}`);
        await Promise.race([once(script.stdout, "data"), once(script, "close")]);
      }
    },
    type: (text) => {
      script.stdin.write(text);
    },
    ended: once(script, "close").then(([exitCode]) => ({ exitCode: exitCode as unknown, shown })),
  };
};
