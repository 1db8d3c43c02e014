import { type Job, parseWorkflow, readWorkflow, type Workflow } from "./workflow.ts";

/** The texts of the workflows that take a release from a commit to PROD. */
export interface ReleaseWorkflows {
  readonly "deploy-dev": string;
  readonly "promote-to-sit": string;
  readonly "promote-to-prod": string;
  readonly deploy: string;
  readonly "quality-gates": string;
}

export const readReleaseWorkflows = (): ReleaseWorkflows => ({
  "deploy-dev": readWorkflow("deploy-dev.yml"),
  "promote-to-sit": readWorkflow("promote-to-sit.yml"),
  "promote-to-prod": readWorkflow("promote-to-prod.yml"),
  deploy: readWorkflow("deploy.yml"),
  "quality-gates": readWorkflow("quality-gates.yml"),
});

/** What these workflows do that a release must not be done to. */
export const breachesOfReleases = (texts: ReleaseWorkflows): readonly string[] => {
  const deploy = parseWorkflow(texts.deploy);
  return [
    ...breachesOfBuild(parseWorkflow(texts["deploy-dev"])),
    ...breachesOfPromotion(parseWorkflow(texts["promote-to-sit"]), "sit"),
    ...breachesOfPromotion(parseWorkflow(texts["promote-to-prod"]), "prod"),
    ...breachesOfDeployment(deploy.jobs["deploy"]),
    ...breachesOfWatch(deploy.jobs["monitor"]),
    ...Object.entries(parseWorkflow(texts["quality-gates"]).jobs)
      .filter(([, job]) => refOf(job) !== "${{ inputs.commit }}")
      .map(([name]) => `the gate ${name} is not that of the commit that is shipped`),
    ...breachesOfGates(parseWorkflow(texts["quality-gates"])),
  ];
};

/** What the registry says changes from day to day: of the tools it stops a pull request, and no promotion; of the zip it stops both. */
const breachesOfGates = ({ jobs }: Workflow): readonly string[] => {
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);
  const audit = (what: string) => steps.find(({ run }) => run === `npm run audit -- ${what}`);
  return [
    ...unless(
      audit("zip") !== undefined && audit("zip")?.["continue-on-error"] === undefined,
      "what is known of the zip's packages stops nothing",
    ),
    ...unless(
      audit("tools")?.["continue-on-error"] === "${{ inputs.commit != '' }}",
      "what is known of the tools stops a promotion, or no pull request",
    ),
    ...unless(
      steps.every((step) => step["continue-on-error"] === undefined || step === audit("tools")),
      "a gate is no gate",
    ),
    ...unless(
      steps.every((step) => step.if === undefined),
      "a gate is left out",
    ),
  ];
};

const breachesOfBuild = ({ jobs }: Workflow): readonly string[] => [
  ...unless(
    runsOf(jobs["build"]).some((run) => run.endsWith('release-build --skip-tests="$SKIP_TESTS"')),
    "who skips the quality gates is not written down",
  ),
  ...unless(
    (jobs["attest"]?.steps ?? []).some(
      ({ uses, with: inputs }) =>
        uses?.startsWith("actions/attest@") === true &&
        inputs?.["subject-path"] === "dist/release/handler.zip",
    ),
    "nobody attests the zip",
  ),
  ...unless(
    jobs["deploy"]?.if?.includes("needs.attest.result == 'success'") === true,
    "what is not attested is deployed",
  ),
];

const COMMIT = "${{ needs.candidate.outputs.commit }}";

const breachesOfPromotion = ({ on, jobs }: Workflow, environment: string): readonly string[] => {
  const inputs = on["workflow_dispatch"]?.inputs;
  const candidate = jobs["candidate"];
  const deploy = jobs["deploy"]?.with;
  return [
    ...["allow_idle", "allow_unverified"].flatMap((input) =>
      unless(
        inputs?.[input]?.type === "boolean" && inputs[input].default === false,
        `${environment} has no input ${input}`,
      ),
    ),
    ...unless(
      areInOrder(runsOf(candidate), [
        "release-fetch",
        `release-verify ${environment} --allow-unverified="$ALLOW_UNVERIFIED"`,
        `ops gate to-${environment}`,
      ]),
      `the candidate for ${environment} is not fetched, verified and judged`,
    ),
    ...unless(
      runsOf(candidate).some(
        (run) => run.includes('--version="$VERSION"') && run.includes('--allow-idle="$ALLOW_IDLE"'),
      ),
      `the gate to ${environment} does not judge the candidate's version`,
    ),
    ...unless(
      jobs["quality-gates"]?.with?.["commit"] === COMMIT,
      `the gates before ${environment} are not those of the candidate's commit`,
    ),
    ...unless(refOf(jobs["plan"]) === COMMIT, `approvers of ${environment} see the plan of another commit`),
    ...unless(
      deploy?.["commit"] === COMMIT,
      `${environment} gets the infrastructure of another commit than the zip's`,
    ),
    ...unless(
      deploy?.["gate_version"] === "${{ needs.candidate.outputs.version }}" &&
        deploy["allow_idle"] === "${{ inputs.allow_idle }}",
      `the gate to ${environment} judges something else after the approval`,
    ),
  ];
};

const breachesOfDeployment = (job: Job | undefined): readonly string[] => {
  const isMine = "${{ steps.turn.outputs.turn == 'mine' }}";
  const step = (text: string) => (job?.steps ?? []).find(({ run }) => run?.includes(text));
  return [
    ...unless(
      refOf(job) === "${{ inputs.commit }}",
      "the infrastructure that is applied is not that of the commit",
    ),
    ...unless(
      areInOrder(runsOf(job), [
        "release-check",
        'ops gate "$GATE"',
        "release-turn",
        "ops deploy",
        "release-confirm",
      ]),
      "a release is not checked, judged, given its turn, deployed and confirmed, in this order",
    ),
    ...["ops deploy", "release-confirm"].flatMap((text) =>
      unless(step(text)?.if === isMine, `${text} runs although a newer commit is live`),
    ),
    ...unless(
      step("ops deploy")?.run?.includes(" --rollback ") === true,
      "a version that verify finds wrong stays live",
    ),
    ...unless(
      step("ops deploy")?.run?.includes(" --provenance=dist/release/provenance.json ") === true,
      "nobody can tell later which commit a version was built from",
    ),
  ];
};

const breachesOfWatch = (job: Job | undefined): readonly string[] => [
  ...unless(
    ["!cancelled()", "deployed == 'success'", "deployed == 'failure'"].every((part) =>
      job?.if?.includes(part),
    ),
    "the watch depends on what verify said",
  ),
  ...unless(
    runsOf(job).some((run) => run.includes(" --zip=dist/release/handler.zip ")),
    "the watch may roll back what this run has not released",
  ),
];

const unless = (holds: boolean, breach: string): readonly string[] => (holds ? [] : [breach]);

const runsOf = (job: Job | undefined): readonly string[] =>
  (job?.steps ?? []).flatMap(({ run }) => run ?? []);

/** Which commit a job checks out; undefined for that of the run. */
const refOf = (job: Job | undefined): unknown =>
  job?.steps?.find(({ uses }) => uses?.startsWith("actions/checkout@"))?.with?.["ref"];

const areInOrder = (runs: readonly string[], texts: readonly string[]): boolean => {
  const places = texts.map((text) => runs.findIndex((run) => run.includes(text)));
  return places.every((place, index) => place > (places[index - 1] ?? -1));
};
