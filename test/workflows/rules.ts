import { listEnvironments } from "../../envs/load.ts";
import { splitWords } from "../docs/split-words.ts";
import { complaintAboutNpm } from "./commands.ts";
import {
  type Job,
  type JobStep,
  parseAction,
  parseWorkflow,
  readWorkflow,
  type Workflow,
  workflowFiles,
} from "./workflow.ts";

/** The actions that were looked at, each at the commit of its tag. */
const PINNED_ACTIONS = [
  "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
  "actions/setup-node@820762786026740c76f36085b0efc47a31fe5020 # v7.0.0",
  "hashicorp/setup-terraform@dfe3c3f87815947d99a8997f908cb6525fc44e9e # v4.0.1",
  "opentofu/setup-opentofu@a1320f892987e89d278cc92dc5adc984fb93aca4 # v2.0.2",
  "aws-actions/configure-aws-credentials@e6de054238d6b7531b4efff3b6587d9aade6a06c # v6.2.3",
  "actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0",
  "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1",
  "actions/attest@1e69f48acb82d1966a394da916b4c1698aa569d6 # v4.2.2",
];

/** What a workflow does that no workflow of ours may. */
export const breachesOfWorkflow = async (text: string): Promise<readonly string[]> => {
  const workflow = parseWorkflow(text);
  return [
    ...breachesOfPermissions(workflow),
    ...breachesOfPins(text),
    ...breachesOfBinary(workflow),
    ...(workflow["run-name"] === undefined && !("workflow_call" in workflow.on)
      ? ["the workflow's runs do not say what they do, and where"]
      : []),
    ...Object.entries(workflow.jobs).flatMap(([name, job]) =>
      breachesOfJob(job).map((breach) => `job ${name} ${breach}`),
    ),
    ...(await breachesOfRuns(
      Object.values(workflow.jobs).flatMap((job) =>
        (job.steps ?? []).map((step) => ({ ...step, env: { ...job.env, ...step.env } })),
      ),
    )),
  ];
};

export const breachesOfAction = async (text: string): Promise<readonly string[]> => [
  ...breachesOfPins(text),
  ...(await breachesOfRuns(parseAction(text))),
];

const breachesOfPermissions = ({ permissions }: Workflow): string[] =>
  permissions !== undefined && Object.keys(permissions).length === 0
    ? []
    : ["the workflow gives permissions to all its jobs"];

/** An action cannot read the repository's variables: the workflow hands on the one that chooses between Terraform and OpenTofu. */
const breachesOfBinary = ({ env, jobs }: Workflow): string[] =>
  env?.["TERRAFORM_BINARY_NAME"] !== "${{ vars.TERRAFORM_BINARY_NAME }}" &&
  Object.values(jobs).some(({ steps = [] }) => steps.some((step) => step.with?.["terraform"] === "true"))
    ? ["Terraform is installed, whatever the variable TERRAFORM_BINARY_NAME says"]
    : [];

/** By the text: the version is a comment. */
const breachesOfPins = (text: string): string[] =>
  [...text.matchAll(/^\s*(?:- )?uses: (.+)$/gm)]
    .map(([, action = ""]) => action)
    .filter((action) => !action.startsWith("./.github/") && !PINNED_ACTIONS.includes(action))
    .map((action) => `${action} is not one of the pinned actions`);

const breachesOfJob = (job: Job): string[] => {
  const breaches: string[] = [];
  const steps = job.steps ?? [];
  const purposes = steps.flatMap((step) => step.with?.["purpose"] ?? []);
  if (job.permissions === undefined) breaches.push("does not say which permissions it needs");
  if (job.uses === undefined && job["timeout-minutes"] === undefined) breaches.push("has no timeout");
  const applies = steps.some(
    ({ run = "" }) => /ops (deploy|rollback) /.test(run) && !run.includes(" --dry-run "),
  );
  if (applies) {
    if (job.concurrency?.group !== `environment-${job.environment}`)
      breaches.push("may run beside another that changes the same environment");
  } else if (job.concurrency?.group.startsWith("environment-")) {
    breaches.push("holds up a rollback, and applies nothing");
  }
  if (job.concurrency?.["cancel-in-progress"] === true) breaches.push("may be cancelled amid an apply");
  if (job.environment?.endsWith("-approval")) {
    if (JSON.stringify(steps) !== JSON.stringify([APPROVED]))
      breaches.push("does more than to wait for an approval");
  } else if (job.environment !== undefined && !purposes.includes("deploy")) {
    breaches.push("takes on an environment's protection, and changes nothing");
  }
  if (
    steps.some(
      (step) => step.uses?.startsWith("actions/checkout@") && step.with?.["persist-credentials"] !== false,
    )
  )
    breaches.push("leaves GitHub's token in the checkout");
  if (
    steps.some(
      ({ uses, with: given }) =>
        uses?.startsWith("actions/upload-artifact@") &&
        !(Number(given?.["retention-days"]) > 0 && Number(given?.["retention-days"]) <= MAX_RETENTION_DAYS),
    )
  )
    breaches.push(`keeps an artifact for longer than ${MAX_RETENTION_DAYS} days`);
  const calls = job.uses === undefined ? undefined : CALLED_WORKFLOWS.get(job.uses);
  const attests = steps.some((step) => step.uses?.startsWith("actions/attest@"));
  if (attests !== (job.permissions?.["attestations"] === "write"))
    breaches.push(attests ? "cannot attest" : "could attest, and need not");
  if (attests && steps.some(({ run, uses }) => run !== undefined || uses?.startsWith("./")))
    breaches.push("attests beside code that might change what is attested");
  const signsIn =
    attests ||
    (calls === undefined
      ? steps.some((step) => step.with?.["environment"] !== undefined)
      : Object.values(calls.jobs).some(({ permissions }) => permissions?.["id-token"] === "write"));
  if (signsIn !== (job.permissions?.["id-token"] === "write"))
    breaches.push(signsIn ? "cannot sign in to AWS" : "could sign in to AWS, and need not");
  if ((purposes.includes("deploy") || applies) && job.environment === undefined)
    breaches.push("changes an environment without its protection");
  return breaches;
};

/** Artifacts may name tenants; GitHub would keep them for 90 days. */
const MAX_RETENTION_DAYS = 30;

/** The workflows that others call, by the path that they call them by. */
const CALLED_WORKFLOWS = new Map(
  workflowFiles.map((file): [string, Workflow] => [
    `./.github/workflows/${file}`,
    parseWorkflow(readWorkflow(file)),
  ]),
);

/** A job must have a step; that of an approval has nothing to do but to come after it. */
const APPROVED: JobStep = { run: "echo Approved" };

/** A step is one npm command, or one program of ci/: what there is to decide is decided in programs, which have tests. */
const breachesOfRuns = async (steps: readonly JobStep[]): Promise<string[]> => {
  const breaches: string[] = [];
  for (const { run, env = {} } of steps) {
    if (run === undefined || run === APPROVED.run) continue;
    if (run.includes("npm run ci")) breaches.push(`no signal would reach the program: ${run}`);
    if (run.includes("${{")) breaches.push(`an expression is pasted into the shell: ${run}`);
    const unset = [...run.matchAll(/\$(\w+)/g)].map(([, name = ""]) => name).filter((name) => !(name in env));
    if (unset.length > 0) breaches.push(`${unset.join(", ")} is not set for: ${run}`);
    const words = splitWords(run.replaceAll(/"\$(\w+)"/g, (_, name: string) => `"${SAMPLES[name] ?? "7"}"`));
    const complaint =
      words === undefined ? `more than one command, or not quoted: ${run}` : await complaintAboutNpm(words);
    if (complaint !== undefined) breaches.push(`${run}: ${complaint}`);
  }
  return breaches;
};

/** What the variables of the steps may hold. */
const SAMPLES: Readonly<Record<string, string>> = {
  ENVIRONMENT: listEnvironments()[0] ?? "",
  PURPOSE: "plan",
  REASON: "a reason",
  CONFIRMED: "true",
  WITH_INFRASTRUCTURE: "true",
  COMMIT: "0123456789abcdef0123456789abcdef01234567",
  SKIP_TESTS: "true",
  ALLOW_IDLE: "true",
  ALLOW_UNVERIFIED: "true",
  GATE: "to-sit",
  COMMAND: "verify",
};
