import { runInNewContext } from "node:vm";
import { expect } from "chai";
import { MUTATED_ROOMS } from "../mutation/mutated-rooms.ts";
import { FIXED_COMMANDS } from "../../ci/fixed-commands.ts";
import { listEnvironments, loadEnvironments } from "../../envs/load.ts";
import {
  type Job,
  parseWorkflow,
  readWorkflow,
  setupAction,
  type Workflow,
  workflowFiles,
} from "./workflow.ts";

const workflow = (name: string): Workflow => parseWorkflow(readWorkflow(`${name}.yml`));
const job = (name: string, jobName: string): Job => {
  const found = workflow(name).jobs[jobName];
  if (found === undefined) throw new Error(`${name}.yml has no job ${jobName}`);
  return found;
};
const runsOf = ({ steps = [] }: Job): string[] => steps.flatMap(({ run }) => run ?? []);
const purposesOf = ({ steps = [] }: Job) => steps.flatMap((step) => step.with?.["purpose"] ?? []);
/** What envs/ says is promoted: the workflow's name, where it goes to and where it comes from. */
const PROMOTIONS = loadEnvironments().flatMap(({ environment, promotion }) =>
  promotion === undefined ? [] : [{ name: `promote-to-${environment}`, environment, from: promotion.from }],
);
/** Where releases start. */
const FIRST = loadEnvironments().flatMap(({ environment, promotion }) =>
  promotion === undefined ? [{ name: `deploy-${environment}`, environment }] : [],
);
const DEPLOYMENTS = [...FIRST, ...PROMOTIONS].map(({ name, environment }) => [name, environment] as const);
const promotions = PROMOTIONS.map(({ name }) => name);
const inputsOf = (name: string) => workflow(name).on["workflow_dispatch"]?.inputs;

/** What GitHub makes of a condition on the chosen command. */
const evaluate = (condition = "", command: string): boolean => {
  const expression = condition
    .replace(/^\$\{\{(.*)\}\}$/s, "$1")
    .replaceAll(/endsWith\(inputs\.command, '([^']*)'\)/g, (_, end: string) => String(command.endsWith(end)))
    .replaceAll(/inputs\.command (==|!=) '([^']*)'/g, (_, operator: string, value: string) =>
      String((command === value) === (operator === "==")),
    );
  return expression
    .split("||")
    .some((part) => part.split("&&").every((term) => /^\s*(true|!\s*false)\s*$/.test(term)));
};

/** Whether a daily cron begins in a window, or less than an hour before it. */
const meets = (cron: string, { from, to }: { from: string; to: string }): boolean => {
  const [minute, hour] = cron.split(" ").map(Number);
  const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  const begin = (hour ?? 0) * 60 + (minute ?? 0);
  return begin + 60 > minutes(from) && begin < minutes(to);
};

const CI = "exec node --import tsx ci/main.ts";

describe("the workflows", () => {
  it("are those of the runbook", () => {
    expect(workflowFiles).to.have.members(
      [
        "quality-gates",
        "plan",
        "deploy",
        ...DEPLOYMENTS.map(([name]) => name),
        "rollback",
        "drift",
        "lock-provider",
        "operate",
        "mutation",
      ].map((name) => `${name}.yml`),
    );
  });

  it("start when they should", () => {
    const triggers = (name: string): string[] => Object.keys(workflow(name).on);
    for (const name of ["quality-gates", "deploy"]) expect(triggers(name)).to.deep.equal(["workflow_call"]);
    expect(triggers("plan")).to.deep.equal(["pull_request"]);
    expect(workflow("deploy-dev").on).to.deep.include({ push: { branches: ["main"] } });
    expect(triggers("deploy-dev")).to.have.members(["push", "workflow_dispatch"]);
    for (const name of [...promotions, "rollback", "operate"])
      expect(triggers(name), name).to.deep.equal(["workflow_dispatch"]);
    for (const name of ["drift", "mutation"])
      expect(triggers(name), name).to.have.members(["schedule", "workflow_dispatch"]);
  });

  it("ask for what the runbook says, and for no more", () => {
    expect(inputsOf("deploy-dev")).to.have.all.keys("skip_tests");
    expect(inputsOf("deploy-dev")?.["skip_tests"]).to.include({ type: "boolean", default: false });
    expect(inputsOf("promote-to-sit")).to.have.all.keys("dev_version", "allow_idle", "allow_unverified");
    expect(inputsOf("promote-to-sit")?.["dev_version"]).to.include({ type: "string", required: false });
    expect(inputsOf("promote-to-prod")).to.have.all.keys(
      "confirm_maintenance_window",
      "allow_idle",
      "allow_unverified",
    );
    expect(inputsOf("promote-to-prod")?.["confirm_maintenance_window"]).to.include({
      type: "boolean",
      required: true,
      default: false,
    });
    expect(inputsOf("rollback")).to.have.all.keys(
      "environment",
      "target_version",
      "with_infrastructure",
      "reason",
    );
    expect(inputsOf("rollback")?.["target_version"]).to.include({ required: false });
    expect(inputsOf("rollback")?.["reason"]).to.include({ required: true });
  });

  it("know every environment that there is", () => {
    for (const name of ["rollback", "operate"])
      expect(inputsOf(name)?.["environment"]?.options, name).to.have.members(listEnvironments());
    for (const [name, jobName] of [
      ["plan", "plan"],
      ["drift", "drift"],
    ] as const)
      expect(job(name, jobName).strategy?.matrix["environment"]).to.have.members(listEnvironments());
  });

  it("mutate every room that is to be mutated", () => {
    expect(job("mutation", "mutation").strategy?.matrix["room"]).to.have.members(Object.keys(MUTATED_ROOMS));
  });

  it("change an environment only behind its protection on GitHub", () => {
    for (const [name, environment] of DEPLOYMENTS)
      expect(job(name, "deploy").with).to.include({ environment });
    for (const [name, jobName] of [
      ["deploy", "deploy"],
      ["deploy", "monitor"],
      ["rollback", "rollback"],
    ] as const)
      expect(job(name, jobName).environment).to.equal("${{ inputs.environment }}");
  });

  it("read with the role that may only read", () => {
    for (const [name, jobName] of [
      ["drift", "drift"],
      ...promotions.flatMap((name) => [[name, "candidate"] as const, [name, "plan"] as const]),
    ] as const)
      expect(purposesOf(job(name, jobName)), name).to.deep.equal(["read"]);
    expect(purposesOf(job("plan", "plan")), "a pull request's code is nobody's yet").to.deep.equal(["plan"]);
  });

  it("run every gate: lint, types, tests with coverage, audit, secrets, lockfile, SBOM, synthesis and validation", () => {
    expect(Object.values(workflow("quality-gates").jobs).flatMap(runsOf)).to.have.members([
      "npm run check",
      "npm test -- --coverage",
      "npm run audit -- zip",
      "npm run audit -- tools",
      "npm run secrets",
      "npm run lockfile",
      "npm run sbom",
      "npm run validate",
    ]);
  });

  it("deploy only what has passed the gates, but for an emergency in DEV, which is recorded", () => {
    for (const name of promotions) {
      expect(job(name, "approval").needs, name).to.deep.equal(["quality-gates", "candidate", "plan"]);
      expect(job(name, "deploy").needs, name).to.include("approval");
    }
    expect(job("deploy-dev", "deploy").needs).to.include("quality-gates");
    expect(job("deploy-dev", "deploy").with).to.include({
      skipped_tests: "${{ inputs.skip_tests || false }}",
    });
    expect(runsOf(job("deploy", "deploy"))).to.include(`${CI} skipped-tests`);
  });

  it("build once; then hand on what runs", () => {
    const all = workflowFiles.map((file) => ({ file, text: readWorkflow(file) }));
    const filesWith = (text: string) => all.filter((one) => one.text.includes(text)).map(({ file }) => file);
    expect(filesWith("release-build")).to.deep.equal(["deploy-dev.yml"]);
    expect(filesWith("npm run build")).to.deep.equal([]);
    for (const { name, from } of PROMOTIONS) {
      const fetch = `envs/ promotes from ${from}: ${name}.yml must fetch its release, with its role`;
      expect(runsOf(job(name, "candidate"))[0], fetch).to.match(
        new RegExp(`release-fetch ${from}( --version="\\$[A-Z_]+")?$`),
      );
      const signIn = job(name, "candidate").steps?.find((step) => step.with?.["purpose"] === "read");
      expect(signIn?.with, fetch).to.include({ environment: from });
    }
  });

  it("check the zip, ship that very zip and confirm it", () => {
    const deploy = job("deploy", "deploy");
    const runs = runsOf(deploy).map((run) => run.replace(`${CI} `, "").replace(/ [-"].*/, ""));
    const order = ["release-check", "ops deploy", "release-confirm"];
    expect(runs.filter((run) => order.includes(run))).to.deep.equal(order);
    const shipping = deploy.steps?.find(({ run }) => run?.includes("ops deploy"));
    expect(shipping?.env).to.include({ HANDLER_ZIP: "dist/release/handler.zip" });
    for (const [name] of DEPLOYMENTS)
      expect(job(name, "deploy").uses, name).to.equal("./.github/workflows/deploy.yml");
  });

  it("let one deployment of an environment at a time come to its lock, so that no waiting rollback is cancelled", () => {
    for (const [name, environment] of DEPLOYMENTS)
      expect(job(name, "deploy").concurrency).to.deep.equal({
        group: `deployments-${environment}`,
        "cancel-in-progress": false,
      });
    for (const name of [...DEPLOYMENTS.map(([name]) => name), "rollback"])
      expect(workflow(name).concurrency, name).to.equal(undefined);
  });

  it("show approvers the plan before they approve, and apply no other", () => {
    for (const { name, environment } of PROMOTIONS) {
      expect(runsOf(job(name, "plan"))).to.include(`${CI} plan-release ${environment} --commit="$COMMIT"`);
      expect(job(name, "approval").environment).to.equal(`${environment}-approval`);
      expect(job(name, "deploy").with).to.include({
        approved_plan: `dist/approved-plan/${environment}.json`,
      });
    }
    expect(job("rollback", "rollback").needs).to.equal("approval");
    expect(runsOf(job("deploy", "deploy")).join()).to.include('--approved-plan="$APPROVED_PLAN"');
  });

  it("judge the environment that a release comes from, by the very zip", () => {
    for (const { name, environment } of PROMOTIONS)
      expect(runsOf(job(name, "candidate")).join()).to.include(
        `ops gate to-${environment} --zip=dist/release/handler.zip`,
      );
    for (const { environment, maintenanceWindows } of loadEnvironments())
      if (maintenanceWindows.length > 0)
        expect(runsOf(job(`promote-to-${environment}`, "candidate")).join()).to.include(
          '--confirm-window="$CONFIRMED"',
        );
    const deploy = runsOf(job("deploy", "deploy"));
    const again = deploy.findIndex((run) => run.includes('ops gate "$GATE" --zip=dist/release/handler.zip'));
    expect(again, "once more, after the approval").to.be.above(-1);
    expect(again).to.be.below(deploy.findIndex((run) => run.includes("ops deploy")));
    for (const { name, environment, from } of PROMOTIONS)
      expect(job(name, "deploy").with, name).to.include({
        environment,
        gate: `to-${environment}`,
        gated: from,
        reason: `promotion from ${from}, run \${{ github.run_id }}`,
      });
  });

  it("watch PROD for five minutes and roll back by themselves", () => {
    expect(job("promote-to-prod", "deploy").with).to.include({ monitor_minutes: 5 });
    const monitor = job("deploy", "monitor");
    expect(runsOf(monitor).join()).to.include('ops monitor "$ENVIRONMENT" --minutes="$MINUTES" --rollback');
    expect(monitor.needs).to.equal("deploy");
    expect(monitor.concurrency, "a rollback by hand does not wait for it").to.equal(undefined);
  });

  it("offer PROD's operation without a laptop: a fixed list, and an approval for what changes something", () => {
    const { look, approval, change } = workflow("operate").jobs;
    const options = inputsOf("operate")?.["command"]?.options ?? [];
    expect(options).to.deep.equal(Object.keys(FIXED_COMMANDS));
    for (const [command, { changes }] of Object.entries(FIXED_COMMANDS)) {
      expect(evaluate(approval?.if, command), command).to.equal(changes);
      expect(evaluate(look?.if, command), command).to.equal(!changes);
    }
    expect(inputsOf("operate")?.["tenant"]).to.include({ type: "string", required: false });
    expect(FIXED_COMMANDS.tenant.changes).to.be.false;
    // A condition that asks for less would let this one through.
    expect(evaluate("${{ endsWith(inputs.command, '--apply') }}", "release --again")).to.be.false;
    expect(change?.needs).to.equal("approval");
    expect(change?.concurrency?.group).to.equal("operate-${{ inputs.environment }}");
    for (const name of ["look", "change"] as const)
      expect(runsOf(job("operate", name))).to.deep.equal([`${CI} operate ${name} "$ENVIRONMENT" "$COMMAND"`]);
  });

  it("show the plan of a rollback with infrastructure before the approval, and apply no other", () => {
    const plan = job("rollback", "plan");
    const rollback = job("rollback", "rollback");
    const options = '"$ENVIRONMENT" --to="$TARGET_VERSION" --with-infrastructure';
    expect(plan.if).to.equal("${{ inputs.with_infrastructure }}");
    expect(purposesOf(plan)).to.deep.equal(["read"]);
    expect(runsOf(plan)).to.deep.equal([
      `${CI} ops rollback ${options} --dry-run --save-plan=dist/approved-plan/rollback.json --reason="$REASON"`,
    ]);
    expect(job("rollback", "approval").needs).to.equal("plan");
    expect(runsOf(rollback)).to.deep.equal([
      `${CI} ops rollback ${options}="$WITH_INFRASTRUCTURE" --approved-plan="$APPROVED_PLAN" --reason="$REASON"`,
    ]);
    expect(rollback.steps?.at(-1)?.env?.["APPROVED_PLAN"]).to.equal(
      "${{ inputs.with_infrastructure && 'dist/approved-plan/rollback.json' || '' }}",
    );
  });

  it("let a rollback without infrastructure, for which nothing is planned, come to its approval and go on", () => {
    // GitHub skips a job that comes after a skipped one, unless its condition asks for the status itself.
    const { if: approval = "" } = job("rollback", "approval");
    const { if: rollback = "" } = job("rollback", "rollback");
    const evaluate = (condition: string, plan: string, approved: string, planned: boolean): unknown =>
      // GitHub's expressions of this kind are JavaScript.
      runInNewContext(condition.slice("${{".length, -"}}".length), {
        needs: { plan: { result: plan }, approval: { result: approved } },
        inputs: { with_infrastructure: planned },
        cancelled: () => false,
      });
    expect(evaluate(approval, "skipped", "", false)).to.be.true;
    expect(evaluate(approval, "success", "", true)).to.be.true;
    expect(evaluate(approval, "failure", "", true)).to.be.false;
    expect(evaluate(rollback, "skipped", "success", false)).to.be.true;
    for (const result of ["failure", "skipped", "cancelled"])
      expect(evaluate(rollback, "skipped", result, false), result).to.be.false;
  });

  it("record a deployment of the commit that runs afterwards, whatever became of the job", () => {
    for (const [name, after] of [
      ["deploy", "deploy"],
      ["rollback", "rollback"],
    ] as const) {
      const record = job(name, "record");
      expect(runsOf(record)).to.deep.equal([`${CI} record-deployment "$ENVIRONMENT"`]);
      expect(record.if).to.equal(`\${{ !cancelled() && needs.${after}.result != 'skipped' }}`);
      expect(record.permissions).to.include({ deployments: "write" });
    }
  });

  it("tell of what failed, in a deployment, a rollback and the look for drift", () => {
    for (const name of ["deploy", "rollback"]) {
      const { jobs } = workflow(name);
      const others = Object.keys(jobs).filter((one) => one !== "notify" && one !== "approval");
      expect(job(name, "notify").needs, name).to.have.members(others);
      expect(job(name, "notify").if).to.equal("${{ failure() }}");
    }
    const last = job("drift", "drift").steps?.at(-1);
    expect(last).to.include({ if: "${{ failure() }}", run: `${CI} notify "$ENVIRONMENT"` });
  });

  it("look for drift in no maintenance window", () => {
    const [, cron = ""] = /cron: "([^"]+)"/.exec(readWorkflow("drift.yml")) ?? [];
    const windows = loadEnvironments().flatMap(({ maintenanceWindows }) => maintenanceWindows);
    expect(windows).not.to.be.empty;
    expect(windows.filter((window) => meets(cron, window))).to.deep.equal([]);
    expect(
      windows.some((window) => meets("17 4 * * *", window)),
      "the hour that it had before",
    ).to.be.true;
  });

  it("give no credentials to the code of a fork or of Dependabot, and say so", () => {
    const conditions = [job("plan", "plan").if, job("plan", "offline").if];
    expect(conditions[0])
      .to.include("head.repo.full_name == github.repository &&")
      .and.include("!= 'dependabot[bot]'");
    expect(conditions[1])
      .to.include("head.repo.full_name != github.repository ||")
      .and.include("== 'dependabot[bot]'");
    expect(runsOf(job("plan", "offline"))).to.deep.equal([`${CI} no-plan`]);
    expect(job("plan", "offline").permissions).to.deep.equal({ contents: "read" });
    expect(workflow("plan").on).not.to.have.property("pull_request_target");
  });

  it("keep raw plans to themselves", () => {
    for (const file of workflowFiles) expect(readWorkflow(file), file).not.to.match(/tfplan|dist\/plan/);
  });

  it("take the AWS role from envs/, and no key from anywhere", () => {
    for (const text of [setupAction, ...workflowFiles.map(readWorkflow)]) {
      expect(text).not.to.match(/\b\d{12}\b|secrets\.|access-key/);
    }
    expect(setupAction).to.include("role-to-assume: ${{ steps.access.outputs.role }}");
  });
});
