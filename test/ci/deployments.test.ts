import { expect } from "chai";
import { commitsInMarkdown } from "../../ci/github/commits-between.ts";
import { awsError } from "../ops/recorded-aws.ts";
import { type GitHubServer, startGitHub } from "./github-server.ts";
import { complaintOf, createJob, type TestJob } from "./job.ts";

const OLD = "0123456789abcdef0123456789abcdef01234567";
const NEW = "fedcba9876543210fedcba9876543210fedcba98";
const ROLLED_BACK = `rollback to version 6 at 2026-03-03T21:00:00.000Z, before: version 7 [commit ${OLD}, run 42]: errors`;

describe("what GitHub and the approvers are told of an environment", () => {
  let github: GitHubServer;
  const jobs: TestJob[] = [];
  before(async () => {
    github = await startGitHub();
  });
  after(async () => {
    await github.close();
    for (const job of jobs) job.remove();
  });
  /** A job, in an environment whose alias has this description. */
  const start = (description: string | Error, variables: Readonly<Record<string, string>> = {}): TestJob => {
    const job = createJob({
      variables: { ...github.variables, GITHUB_WORKFLOW: "Roll back", ...variables },
      answers: {
        GetAliasCommand: () => {
          if (description instanceof Error) throw description;
          return { FunctionVersion: "6", Description: description };
        },
        PublishCommand: () => ({}),
      },
    });
    jobs.push(job);
    return job;
  };

  it("is a deployment of the commit that a rollback brought back", async () => {
    const job = start(ROLLED_BACK);
    await job.run("record-deployment", "prod");
    expect(github.deployments).to.deep.equal([{ id: 1, ref: OLD, environment: "prod", states: ["success"] }]);
    expect(job.summary()).to.include("`0123456` as what prod runs");
  });

  it("is nothing when nobody knows the commit", async () => {
    github.deployments.length = 0;
    for (const description of [
      "rollback to version 6 at 2026-03-03T21:00:00.000Z, before: version 7 [built on a machine]: errors",
      "made by hand",
      "",
      awsError("ResourceNotFoundException", "no such alias"),
    ]) {
      const job = start(description);
      await job.run("record-deployment", "prod");
      expect(job.summary()).to.include("Not recorded on GitHub");
    }
    expect(github.deployments).to.be.empty;
  });

  it("fails when GitHub refuses", async () => {
    const job = start(ROLLED_BACK, { GITHUB_TOKEN: "wrong" });
    expect(await complaintOf(job.run("record-deployment", "prod"))).to.include("Bad credentials");
  });

  it("is, on the topic of its alarms, which workflow failed, and where to look", async () => {
    const job = start("");
    await job.run("notify", "prod");
    expect(job.aws.callsOf("PublishCommand")).to.deep.equal([
      {
        TopicArn: "arn:aws:sns:af-south-1:093646564004:bbws-ecs-event-handler-prod-alarms",
        Subject: "Roll back failed for prod",
        Message:
          "Roll back failed for prod. The run says what, and what was done: https://github.example/owner/repo/actions/runs/42",
      },
    ]);
  });

  describe("before the approval", () => {
    const commitsOf = (job: TestJob, commit: string | undefined): Promise<string> =>
      commitsInMarkdown(job.context, "sit", commit);

    it("are the commits between what runs and what comes, newest first, as text", async () => {
      github.answers.set(`GET /repos/owner/repo/compare/${OLD}...${NEW}`, {
        ahead_by: 2,
        behind_by: 0,
        total_commits: 2,
        commits: [
          { sha: OLD, commit: { message: "fix: one\n\nbody", author: { name: "Jo" } } },
          { sha: NEW, commit: { message: "feat: [two](https://evil.example) @all", author: null } },
        ],
      });
      const markdown = await commitsOf(start(ROLLED_BACK), NEW);
      expect(markdown).to.match(/^### Commits: 2 more and 0 fewer than sit runs\n\n- `fedcba9` feat: /);
      expect(markdown).to.include("- `0123456` fix: one (Jo)");
      expect(markdown).not.to.match(/https:\/\/|@all|body/);
    });

    it("are not known when a commit is recorded nowhere", async () => {
      expect(await commitsOf(start("by hand"), NEW)).to.include("which commit sit runs is recorded nowhere");
      expect(await commitsOf(start(ROLLED_BACK), undefined)).to.include(
        "which commit is to come is recorded",
      );
    });
  });
});
