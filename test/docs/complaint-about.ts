import { existsSync } from "node:fs";
import { join } from "node:path";
import { listEnvironments, loadEnvironments } from "../../envs/load.ts";
import { resourceNames } from "../../envs/resource-names.ts";
import { parseOptions } from "../../local/options.ts";
import packageJson from "../../package.json" with { type: "json" };
import { complaintAboutNpm } from "../workflows/commands.ts";
import { parseWorkflow, readWorkflow, workflowFiles } from "../workflows/workflow.ts";
import { repository } from "./documents.ts";
import { splitWords } from "./split-words.ts";

/** What is wrong with a command of a document; undefined when the program that it calls would understand it. */
export const complaintAbout = async (command: string): Promise<string | undefined> => {
  // What the reader is to put in; and what becomes of the output is none of ours.
  const [ours = ""] = command
    .replaceAll("<env>", "dev")
    .replaceAll("<command>", "verify")
    .replaceAll(" event.json", " -")
    .split(/ [|>] /);
  const words = splitWords(ours);
  const [program = "", ...args] = words ?? [];
  switch (words === undefined ? undefined : program) {
    case undefined:
      return "it is not one simple command";
    case "npm":
      if (args[0] === "start") return complaintAboutStart(args.slice(1));
      // The way out of CDKTF changes package.json.
      if (args[0] === "pkg" || args[0] === "install") return undefined;
      // Only spoken of, with nothing to do.
      if (args[0] === "run" && /^(--)?$/.test(args.slice(2).join())) return complaintAboutScript(args[1]);
      return complaintAboutNpm(["npm", ...args]);
    case "npx":
      return complaintAboutNpx(args);
    case "gh":
      return complaintAboutGh(args);
    case "aws":
      return complaintAboutAws(args);
    case "export":
      return /^(AWS_PROFILE)=bbws-(\w+)$/.exec(args.join(" "))?.[2] === "dev"
        ? undefined
        : "it is not for this";
    default:
      return `nobody here knows ${program}`;
  }
};

const complaintAboutScript = (name = ""): string | undefined =>
  name in packageJson.scripts ? undefined : `there is no script ${name}`;

/** `npm start` takes options of its own. */
const complaintAboutStart = (args: readonly string[]): string | undefined => {
  try {
    parseOptions(args.filter((arg) => arg !== "--silent" && arg !== "--"));
    return undefined;
  } catch (error) {
    return String(error);
  }
};

const complaintAboutNpx = ([bin = "", command = "", ...args]: readonly string[]): string | undefined => {
  if (bin === "cdktn") return undefined;
  if (bin === "tsx") return existsSync(join(repository, command)) ? undefined : `there is no ${command}`;
  if (!(bin in { ...packageJson.devDependencies, "cdktf-cli": "" }) && bin !== "cdktf")
    return `there is no ${bin}`;
  if (!["deploy", "diff", "destroy", "synth", "list", "output"].includes(command))
    return `cdktf has no ${command}`;
  const stacks = listEnvironments().flatMap((name) => [name, `state-${name}`, `access-${name}`]);
  const unknown = args.filter((arg) => !arg.startsWith("-") && !stacks.includes(arg));
  return unknown.length === 0 ? undefined : `there is no stack ${unknown.join(", ")}`;
};

const complaintAboutGh = (args: readonly string[]): string | undefined => {
  const [, file = "", options = ""] = /^workflow run (\S+) --ref main ?(.*)$/.exec(args.join(" ")) ?? [];
  if (!workflowFiles.includes(file)) return `there is no workflow ${file}`;
  const dispatch = parseWorkflow(readWorkflow(file)).on["workflow_dispatch"];
  if (dispatch === undefined) return `${file} is not started by hand`;
  const inputs = dispatch?.inputs ?? {};
  const given = [...options.matchAll(/-f (\w+)=/g)].map(([, name = ""]) => name);
  const unknown = given.filter((name) => !(name in inputs));
  const missing = Object.keys(inputs).filter(
    (name) => inputs[name]?.required === true && !given.includes(name),
  );
  return unknown.length + missing.length === 0
    ? undefined
    : `${file} knows no ${unknown.join(", ") || "others"}; missing are ${missing.join(", ") || "none"}`;
};

/** Commands of the AWS CLI that are no operations of a service. */
const AWS_CONVENIENCES = ["sso login", "logs tail"];

/** The operation exists, and every name in it that looks like one of ours is one. */
const complaintAboutAws = async (args: readonly string[]): Promise<string | undefined> => {
  const [service = "", operation = ""] = args;
  if (!AWS_CONVENIENCES.includes(`${service} ${operation}`)) {
    const client = `client-${service.replace("s3api", "s3").replace(/^logs$/, "cloudwatch-logs")}`;
    if (!existsSync(join(repository, "node_modules/@aws-sdk", client)))
      return `nobody here knows aws ${service}`;
    const commands = (await import(`@aws-sdk/${client}`)) as Record<string, unknown>;
    const name = operation.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
    if (!(`${name}Command` in commands)) return `${service} has no ${operation}`;
  }
  const known = loadEnvironments().flatMap((environment) => [
    environment.cluster,
    environment.tenants.table,
    ...[resourceNames(environment), resourceNames(environment).reconciler].flatMap((names) =>
      Object.values(names).filter((name): name is string => typeof name === "string"),
    ),
  ]);
  const unknown = args.filter((arg) => /^\/?(\w+\/)*bbws-/.test(arg) && !known.includes(arg));
  return unknown.length === 0 ? undefined : `there is no ${unknown.join(", ")}`;
};
