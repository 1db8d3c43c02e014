import { expect } from "chai";
import { fileURLToPath } from "node:url";
import { readEnvironmentSettings, readRulesets } from "../../ci/settings/settings-files.ts";
import { listEnvironments } from "../../envs/load.ts";
import { parseWorkflow, readWorkflow } from "../workflows/workflow.ts";
import { type GitHubServer, startGitHub } from "./github-server.ts";
import { complaintOf, createJob, type TestJob } from "./job.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const API = "GET /repos/owner/repo";

describe("the settings of the repository on GitHub", () => {
  const environments = readEnvironmentSettings(repository);
  const [ruleset] = readRulesets(repository);

  it("have for each environment one that deploys, and one that approves", () => {
    expect(environments.map(({ environment }) => environment)).to.have.members(
      listEnvironments().flatMap((name) => [name, `${name}-approval`]),
    );
    for (const { environment, branches, reviewers, preventSelfReview } of environments) {
      expect(branches, environment).to.deep.equal(["main"]);
      const approves = environment === "sit-approval" || environment === "prod-approval";
      expect(reviewers.length > 0, `${environment}: what holds a lock must not wait for a person`).to.equal(
        approves,
      );
      expect(preventSelfReview, environment).to.equal(approves);
    }
  });

  it("require every quality gate of a pull request", () => {
    const gates = Object.values(parseWorkflow(readWorkflow("quality-gates.yml")).jobs).flatMap(
      ({ name = "", strategy }) => {
        const [[variable, values] = ["", [""]]] = Object.entries(strategy?.matrix ?? {});
        return values.map((value) => `quality-gates / ${name.replace(`\${{ matrix.${variable} }}`, value)}`);
      },
    );
    const checks = ruleset?.rules.find(({ type }) => type === "required_status_checks")?.parameters;
    expect(checks?.["required_status_checks"]).to.deep.equal(gates.map((context) => ({ context })));
  });
});

describe("ci check-github", () => {
  let github: GitHubServer;
  const jobs: TestJob[] = [];
  before(async () => {
    github = await startGitHub();
  });
  beforeEach(() => {
    record();
  });
  after(async () => {
    await github.close();
    for (const job of jobs) job.remove();
  });

  /** What GitHub answers about a repository that is as the files say. */
  const record = (): void => {
    github.answers.clear();
    for (const { environment, branches, reviewers, preventSelfReview } of readEnvironmentSettings(
      repository,
    )) {
      const review = {
        id: 1,
        type: "required_reviewers",
        prevent_self_review: preventSelfReview,
        reviewers: reviewers.map((slug) => ({ type: "Team", reviewer: { id: 7, slug } })),
      };
      github.answers.set(`${API}/environments/${environment}`, {
        name: environment,
        protection_rules: [...(reviewers.length > 0 ? [review] : []), { id: 2, type: "branch_policy" }],
        deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
      });
      github.answers.set(`${API}/environments/${environment}/deployment-branch-policies`, {
        total_count: branches.length,
        branch_policies: branches.map((name, id) => ({ id, name })),
      });
    }
    const rulesets = readRulesets(repository);
    github.answers.set(
      `${API}/rulesets`,
      rulesets.map(({ name }, id) => ({ id, name })),
    );
    for (const [id, ruleset] of rulesets.entries())
      github.answers.set(`${API}/rulesets/${id}`, {
        id,
        ...ruleset,
        // GitHub tells more than it was told.
        rules: ruleset.rules.map(({ type, parameters }) => ({
          type,
          parameters: { ...parameters, added: true },
        })),
      });
  };
  const change = (path: string, changes: object): void => {
    github.answers.set(`${API}${path}`, { ...(github.answers.get(`${API}${path}`) as object), ...changes });
  };
  const check = (): Promise<number> => {
    const job = createJob({ variables: github.variables, repository });
    jobs.push(job);
    return job.run("check-github");
  };

  it("passes when all is as the files say", async () => {
    expect(await check()).to.equal(0);
    expect(jobs.at(-1)?.log()).to.include("6 environments and 1 ruleset are as the files say");
  });

  const NO_RULES = { protection_rules: [] };
  const trips: readonly [what: string, alter: () => void, finding: string][] = [
    [
      "an environment that is not there",
      () => github.answers.delete(`${API}/environments/prod-approval`),
      "environment prod-approval does not exist",
    ],
    [
      "an approval without reviewers",
      () => {
        change("/environments/prod-approval", NO_RULES);
      },
      "environment prod-approval is approved by nobody, not by platform",
    ],
    [
      "people who approve what they started",
      () => {
        change("/environments/sit-approval", NO_RULES);
      },
      "environment sit-approval lets people approve what they started",
    ],
    [
      "an environment for every branch",
      () => {
        change("/environments/prod", { deployment_branch_policy: null });
      },
      "environment prod may be used by any branch",
    ],
    [
      "an environment for another branch",
      () => {
        change("/environments/prod/deployment-branch-policies", {
          branch_policies: [{ name: "main" }, { name: "*" }],
        });
      },
      "environment prod may be used by main, *, not by main",
    ],
    ["no ruleset", () => github.answers.set(`${API}/rulesets`, []), "ruleset main does not exist"],
    [
      "a ruleset that is only tried",
      () => {
        change("/rulesets/0", { enforcement: "evaluate" });
      },
      'ruleset main has another enforcement: "evaluate"',
    ],
    [
      "somebody who may go past it",
      () => {
        change("/rulesets/0", { bypass_actors: [{ actor_id: 5, actor_type: "RepositoryRole" }] });
      },
      "can be bypassed by 1 actors",
    ],
    [
      "a rule that is missing",
      () => {
        change("/rulesets/0", { rules: [{ type: "deletion" }] });
      },
      "ruleset main lacks the rule pull_request",
    ],
    [
      "a check that is not required, and a review that is not",
      () => {
        change("/rulesets/0", {
          rules: [
            { type: "required_status_checks", parameters: { required_status_checks: [{ context: "lint" }] } },
            { type: "pull_request", parameters: { required_approving_review_count: 0 } },
          ],
        });
      },
      "rule pull_request: required_approving_review_count is 0, not 1",
    ],
  ];
  for (const [what, alter, finding] of trips) {
    it(`finds ${what}`, async () => {
      alter();
      expect(await complaintOf(check()))
        .to.include(finding)
        .and.match(
          /\. Change the settings on GitHub, or the files in \.github\/environments and \.github\/rulesets$/,
        );
    });
  }

  it("fails when the token may not read the settings", async () => {
    const job = createJob({ variables: { ...github.variables, GITHUB_TOKEN: "wrong" }, repository });
    jobs.push(job);
    expect(await complaintOf(job.run("check-github"))).to.include("Bad credentials");
  });
});
