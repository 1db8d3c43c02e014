import { createCiProgram as createCi } from "../../ci/program.ts";
import type { StepContext } from "../../ci/step-context.ts";
import { listEnvironments } from "../../envs/load.ts";
import { createOpsProgram as createOps } from "../../ops/cli/program.ts";
import { flagsOf, givenOptions } from "../../ci/given-options.ts";
import { operatorFlags } from "../../ci/operator-flags.ts";
import packageJson from "../../package.json" with { type: "json" };

/** What a command line that is written down somewhere gets wrong; undefined when it would be understood. */
export const complaintAboutNpm = async (words: readonly string[]): Promise<string | undefined> => {
  const [npm, command, ...rest] = words;
  // The shell is replaced by the program: the signals of a cancelled job come to the shell and would stay there.
  const replaced = ["exec", "node", "--import", "tsx", "ci/main.ts"];
  if (replaced.every((word, index) => words[index] === word))
    return complaintAboutCi(words.slice(replaced.length));
  if (npm !== "npm") return `${words.join(" ")} is no npm command`;
  if (command === "ci" || command === "test" || command === "start")
    return command === "ci" || command in packageJson.scripts ? undefined : `there is no npm ${command}`;
  const [script = "", ...more] = rest.filter((word) => word !== "-s" && word !== "--silent");
  if (command !== "run") return `npm ${command} is no command for here`;
  if (!(script in packageJson.scripts)) return `there is no script ${script}`;
  if (more.length > 0 && more[0] !== "--")
    return `npm would keep the options of ${script} to itself: -- is missing`;
  const args = more.slice(1);
  if (script === "ops") return complaintAboutOps(args);
  return script === "ci" ? complaintAboutCi(args) : undefined;
};

/** Parses as the operator's CLI does, and runs nothing. */
const complaintAboutOps = async (args: readonly string[]): Promise<string | undefined> => {
  let environment: string | undefined;
  let complaint = "";
  const program = createOps({
    run: (invocation) => {
      environment = invocation.environment;
      return Promise.resolve();
    },
    writeHelp: () => undefined,
    writeComplaint: (text) => (complaint += text),
  });
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (args.includes("--help")) return undefined;
    return complaint === "" ? String(error) : complaint.trim();
  }
  return environment === undefined || listEnvironments().includes(environment)
    ? undefined
    : `there is no environment ${environment}`;
};

const complaintAboutCi = async (args: readonly string[]): Promise<string | undefined> => {
  const program = createCi(inert, () => undefined);
  const given = givenOptions(args, new Set([...flagsOf(program), ...operatorFlags()]));
  if (given[0] === "ops") return complaintAboutOps(given.slice(1));
  let complaint = "";
  for (const command of program.commands)
    command
      .action(() => undefined)
      .exitOverride()
      .configureOutput({ writeOut: () => undefined, writeErr: (text) => (complaint += text) });
  program
    .exitOverride()
    .configureOutput({ writeOut: () => undefined, writeErr: (text) => (complaint += text) });
  try {
    await program.parseAsync(given, { from: "user" });
    return undefined;
  } catch (error) {
    if (args.includes("--help")) return undefined;
    return complaint === "" ? String(error) : complaint.trim();
  }
};

/** For a program whose actions are taken out: nothing is run. */
const inert: StepContext = {
  variables: {},
  createAws: () => {
    throw new Error("AWS is not for this test");
  },
  signal: new AbortController().signal,
  log: { write: () => undefined },
  repository: "/",
};
