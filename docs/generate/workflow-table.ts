import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

/** As much of a workflow as the table tells. */
interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly concurrency?: Concurrency;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Concurrency {
  readonly group: string;
  readonly "cancel-in-progress"?: boolean;
}

interface Job {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly environment?: string;
  readonly concurrency?: Concurrency;
  readonly steps?: readonly { readonly run?: string }[];
}

const FOLDER = fileURLToPath(new URL("../../.github/workflows/", import.meta.url));

/** The texts of the workflows, by file. */
export const readWorkflows = (): Readonly<Record<string, string>> =>
  Object.fromEntries(readdirSync(FOLDER).map((file) => [file, readFileSync(`${FOLDER}${file}`, "utf8")]));

/** For each workflow that somebody or something starts: who may, what it locks, what it waits for and what a cancel does. */
export const workflowTable = (texts: Readonly<Record<string, string>> = readWorkflows()): string => {
  const workflows = new Map(Object.entries(texts).map(([file, text]) => [file, parse(text) as Workflow]));
  const rows = [...workflows.values()]
    .filter((workflow) => Object.keys(workflow.on).some((event) => event !== "workflow_call"))
    .map((workflow) => {
      const jobs = withCalled(workflow, workflows);
      return [
        workflow.name,
        startsBy(workflow.on),
        locksOf([workflow, ...jobs]),
        waitsFor(jobs),
        cancelOf(workflow, jobs),
      ];
    });
  return [
    "| Workflow | Who may start it | Locks | Waits for | A cancel |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map((cells) => `| ${cells.join(" | ")} |`),
  ].join("\n");
};

/** A workflow's jobs, and in the place of a call the called workflow's, with the environment that it is called for. */
const withCalled = (workflow: Workflow, workflows: ReadonlyMap<string, Workflow>): readonly Job[] =>
  Object.values(workflow.jobs).flatMap((job) => {
    const called = workflows.get(job.uses?.split("/").at(-1) ?? "");
    if (called === undefined) return [job];
    const environment = job.with?.["environment"] ?? "";
    const given = parse(
      JSON.stringify(called).replaceAll("${{ inputs.environment }}", String(environment)),
    ) as Workflow;
    return [job, ...withCalled(given, workflows)];
  });

const startsBy = (on: Workflow["on"]): string =>
  Object.keys(on)
    .map((event) => {
      switch (event) {
        case "workflow_dispatch":
          return "by hand: who may write to the repository, on main";
        case "push":
          return "a push to main: who may merge";
        case "pull_request":
          return "a pull request: anyone who opens one";
        case "schedule":
          return "GitHub, on a schedule";
        default:
          throw new Error(`The table has no words for the event ${event}`);
      }
    })
    .join("; ");

const locksOf = (holders: readonly Pick<Job, "concurrency">[]): string =>
  list(holders.flatMap(({ concurrency }) => (concurrency === undefined ? [] : [concurrency.group])));

const waitsFor = (jobs: readonly Job[]): string => {
  const groups = jobs.flatMap(({ concurrency }) => (concurrency === undefined ? [] : [concurrency.group]));
  const lock = groups.filter((group) => group.startsWith("environment-"));
  const queues = groups.filter((group) => !group.startsWith("environment-"));
  const waits = [
    ...jobs.flatMap(({ environment }) =>
      environment?.endsWith("-approval") === true ? [`the approval of ${code(environment)}`] : [],
    ),
    ...queues.map((group) => `another run in ${code(group)}`),
    ...lock.map((group) => `an apply or a rollback under way in ${code(group)}`),
  ];
  return waits.length === 0 ? "nothing" : [...new Set(waits)].join("; ");
};

const cancelOf = ({ concurrency }: Workflow, jobs: readonly Job[]): string => {
  const runs = jobs.flatMap(({ steps = [] }) => steps.flatMap(({ run = "" }) => run));
  const does = (pattern: RegExp): boolean => runs.some((run) => pattern.test(run));
  const effects = [
    ...(concurrency?.["cancel-in-progress"] === true ? ["comes by itself with the next push"] : []),
    ...(does(/ops deploy /)
      ? ["interrupts Terraform, which saves its state and releases its lock; what is live stays live"]
      : []),
    ...(does(/ops rollback /) ? ["lets a change under way end; before that nothing is changed"] : []),
    ...(does(/ops monitor /) ? ["ends the watch without a rollback"] : []),
    ...(does(/operate change /) ? ["stops before the next change; what was done stays done"] : []),
  ];
  return effects.length === 0 ? "leaves nothing behind" : effects.join("; ");
};

const code = (text: string): string => `\`${text.replaceAll(/\$\{\{ (?:[\w.]+\.)?(\w+) \}\}/g, "<$1>")}\``;
const list = (names: readonly string[]): string => [...new Set(names)].map(code).join(", ") || "nothing";
