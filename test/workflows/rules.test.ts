import { expect } from "chai";
import { breachesOfAction, breachesOfWorkflow } from "./rules.ts";
import { parseAction, readWorkflow, setupAction, workflowFiles } from "./workflow.ts";

describe("the rules for workflows", () => {
  for (const file of workflowFiles) {
    it(`are kept by ${file}`, async () => {
      expect(await breachesOfWorkflow(readWorkflow(file))).to.deep.equal([]);
    });
  }

  it("are kept by the setup action", async () => {
    expect(await breachesOfAction(setupAction)).to.deep.equal([]);
  });

  it("install one of Terraform and OpenTofu, by one setting", () => {
    const installing = parseAction(setupAction).filter(({ uses = "" }) =>
      /setup-(terraform|opentofu)@/.test(uses),
    );
    expect(
      installing.map(({ uses = "", if: condition = "" }) => [uses.split("@")[0], condition]),
    ).to.deep.equal([
      ["hashicorp/setup-terraform", "inputs.terraform == 'true' && env.TERRAFORM_BINARY_NAME != 'tofu'"],
      ["opentofu/setup-opentofu", "inputs.terraform == 'true' && env.TERRAFORM_BINARY_NAME == 'tofu'"],
    ]);
    // A wrapper would change what the programs that read the output read.
    for (const { with: given = {} } of installing)
      expect(Object.entries(given).find(([name]) => name.endsWith("_wrapper"))?.[1]).to.equal(false);
  });

  const good = readWorkflow("rollback.yml");
  const trips: readonly [what: string, from: string | RegExp, to: string, breach: string][] = [
    ["permissions for all jobs", "permissions: {}", "permissions: write-all", "gives permissions to all"],
    [
      "no permissions of its own",
      "permissions:\n      contents: read\n      id-token: write",
      "env: {}",
      "does not say which permissions",
    ],
    ["an action by its tag", /checkout@\w+ # v7.0.1/, "checkout@v7", "is not one of the pinned"],
    ["another version's comment", "# v7.0.1", "# v7.0.2", "is not one of the pinned"],
    [
      "Terraform where OpenTofu was chosen",
      /TERRAFORM_BINARY_NAME: .*/,
      "OTHER: tofu",
      "whatever the variable TERRAFORM_BINARY_NAME says",
    ],
    ["no timeout", "timeout-minutes: 45", "env: {}", "has no timeout"],
    ["a group of its own", "group: environment-", "group: rollback-", "may run beside another"],
    [
      "a lock that a job takes to do something else",
      /ops rollback .* --approved-plan=.*/,
      "ops status dev",
      "holds up a rollback, and applies nothing",
    ],
    ["a plan that is applied", " --dry-run", "", "changes an environment without its protection"],
    ["an approval that does more", "echo Approved", "npm test", "does more than to wait for an approval"],
    [
      "a program that no signal reaches",
      "exec node --import tsx ci/main.ts ops",
      "npm run ci -- ops",
      "no signal would reach",
    ],
    ["runs that do not say what they do", /run-name: .*/, "", "do not say what they do"],
    [
      "a group that cancels",
      "cancel-in-progress: false",
      "cancel-in-progress: true",
      "may be cancelled amid an apply",
    ],
    [
      "a token in the checkout",
      "persist-credentials: false",
      "persist-credentials: true",
      "leaves GitHub's token",
    ],
    [
      "an artifact that is kept forever",
      /with:\n {10}terraform: .*\n {10}environment: .*\n {10}purpose: deploy/,
      "with: { purpose: deploy }\n      - uses: actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0",
      "keeps an artifact for longer than 30 days",
    ],
    ["no identity", "id-token: write", "issues: read", "cannot sign in"],
    [
      "an identity for nothing",
      /with:\n {10}terraform: .*\n {10}environment: .*\n {10}purpose: deploy/,
      "env: {}",
      "and need not",
    ],
    [
      "a change without the environment's protection",
      /environment: .*\n {4}# It waits/,
      "# It waits",
      "without its protection",
    ],
    ["an input in the shell", '"$REASON"', '"${{ inputs.reason }}"', "is pasted into the shell"],
    ["a variable that is not set", "REASON: $", "OTHER: $", "REASON is not set"],
    ["a variable that is not quoted", '"$ENVIRONMENT"', "$ENVIRONMENT", "not quoted"],
    ["two commands", "- run: exec", "- run: npm ci && exec", "more than one command"],
    [
      "a program of its own",
      "- run: exec node --import tsx ci/main.ts ops",
      "- run: bash deploy.sh",
      "is no npm command",
    ],
    [
      "a script that is not there",
      "- run: exec node --import tsx ci/main.ts",
      "- run: npm run cli --",
      "there is no script cli",
    ],
    ["a step that is not there", "main.ts ops rollback", "main.ts opts rollback", "Unknown command 'opts'"],
    ["a command that is not there", "ops rollback", "ops rollbock", "unknown command 'rollbock'"],
    ["an option that is not there", "--to=", "--version=", "unknown option '--version=7'"],
    ["options that npm would take", "exec node --import tsx ci/main.ts ops", "npm run ops", "-- is missing"],
  ];
  for (const [what, from, to, breach] of trips) {
    it(`are broken by ${what}`, async () => {
      const bad = good.replace(from, to);
      expect(bad).not.to.equal(good);
      expect((await breachesOfWorkflow(bad)).join("\n")).to.include(breach);
    });
  }

  const attesting = readWorkflow("deploy-dev.yml");
  for (const [what, from, to, breach] of [
    ["an attestation without the right", "      attestations: write\n", "", "cannot attest"],
    [
      "an attestation that cannot be signed",
      "      id-token: write\n      att",
      "      att",
      "cannot sign in",
    ],
    [
      "a right to attest for nothing",
      "permissions:\n      contents: read\n    steps",
      "permissions:\n      attestations: write\n    steps",
      "could attest, and need not",
    ],
    [
      "an attestation beside other code",
      /(uses: actions\/attest@.*)/,
      "run: npm run build\n      - $1",
      "attests beside code",
    ],
  ] as const) {
    it(`are broken by ${what}`, async () => {
      const bad = attesting.replace(from, to);
      expect(bad).not.to.equal(attesting);
      expect((await breachesOfWorkflow(bad)).join("\n")).to.include(breach);
    });
  }

  it("are broken by an action in the setup that is not pinned", async () => {
    const bad = setupAction.replace(/setup-node@\w+/, "setup-node@main");
    expect((await breachesOfAction(bad)).join()).to.include("is not one of the pinned");
  });
});
