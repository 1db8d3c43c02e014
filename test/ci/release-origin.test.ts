import { expect } from "chai";
import { writeRelease } from "../../ci/release/release-files.ts";
import { describeRecord, type Origin } from "../../ops/aws/lambda/release-record.ts";
import { type Answers, awsError } from "../ops/recorded-aws.ts";
import { type GitHubServer, startGitHub } from "./github-server.ts";
import { recordedGh, type RecordedGh } from "./recorded-gh.ts";
import type { EnvironmentVariables } from "../../stacks/terraform/environment-variables.ts";
import { kindsIn } from "./kinds-in-markdown.ts";
import { complaintOf, createJob, type TestJob } from "./job.ts";

const MINE = "c".repeat(40);
const LIVE = "d".repeat(40);
const BUILT: Origin = { kind: "workflow", commit: MINE, run: "41", gatesSkippedBy: undefined };

describe("ci release", () => {
  let github: GitHubServer;
  let gh: RecordedGh;
  const jobs: TestJob[] = [];
  beforeEach(async () => {
    github = await startGitHub();
    gh = recordedGh();
  });
  afterEach(async () => {
    await github.close();
    gh.remove();
    for (const job of jobs.splice(0)) job.remove();
  });

  /** A job that was handed a release of this origin. */
  const start = async (
    origin: Origin,
    answers: Answers = {},
    variables: EnvironmentVariables = {},
  ): Promise<TestJob> => {
    const job = createJob({ variables: { ...github.variables, ...gh.variables, ...variables }, answers });
    jobs.push(job);
    await writeRelease(job.context.repository, Buffer.from("zip"), {
      repository: "owner/repo",
      origin,
      promotedFrom: { environment: "dev", version: "7" },
    });
    return job;
  };

  describe("is verified before a promotion", () => {
    it("by main as it is, and by the attestation of the workflow that builds", async () => {
      github.comparisons.set(`main...${MINE}`, "behind");
      const job = await start(BUILT);
      await job.run("release-verify", "prod");
      expect(gh.calls()).to.have.length(1);
      expect(gh.calls()[0]).to.match(
        new RegExp(
          "^attestation verify \\S+/dist/release/handler.zip --repo owner/repo " +
            "--signer-workflow owner/repo/.github/workflows/deploy-dev.yml " +
            `--source-ref refs/heads/main --source-digest ${MINE} --deny-self-hosted-runners$`,
        ),
      );
      expect(job.summary()).to.include(`Attested: built from commit ${MINE} in run 41`);
    });

    for (const status of ["ahead", "diverged", undefined]) {
      it(`and refused when its commit is not on main (GitHub says ${status ?? "404"})`, async () => {
        if (status !== undefined) github.comparisons.set(`main...${MINE}`, status);
        const job = await start(BUILT);
        expect(await complaintOf(job.run("release-verify", "sit"))).to.equal(
          `Commit ${MINE}, which the release was built from, is not on main. ` +
            "Merge it to main, or promote a release that was built there",
        );
        expect(gh.calls()).to.be.empty;
      });
    }

    it("and refused without an attestation, or with somebody else's", async () => {
      github.comparisons.set(`main...${MINE}`, "identical");
      gh.endWith(1, "no attestations found");
      const job = await start(BUILT);
      expect(await complaintOf(job.run("release-verify", "sit"))).to.equal(
        `GitHub does not attest that .github/workflows/deploy-dev.yml built this zip from commit ${MINE}. ` +
          "Promote a release that this workflow built",
      );
    });

    it("and refused for PROD when it skipped the quality gates, unless someone lets it through", async () => {
      github.comparisons.set(`main...${MINE}`, "identical");
      const skipped: Origin = { ...BUILT, gatesSkippedBy: "hasty" };
      await (await start(skipped)).run("release-verify", "sit");

      expect(await complaintOf((await start(skipped)).run("release-verify", "prod"))).to.equal(
        "Not for prod: hasty deployed it to DEV without the quality gates. The workflow's input allow_unverified lets it " +
          "through, and is recorded",
      );

      const allowed = await start(skipped);
      await allowed.run("release-verify", "prod", "--allow-unverified");
      expect(allowed.summary()).to.include("Let through by someone (allow_unverified): hasty deployed it");
      expect(gh.calls(), "it is attested all the same").to.have.length(2);
    });

    it("and told of in words, whatever somebody is called", async () => {
      github.comparisons.set(`main...${MINE}`, "identical");
      const name = "@everyone <img src=x>\n# [x](https://evil.example)";
      const job = await start({ ...BUILT, gatesSkippedBy: name }, {}, { GITHUB_ACTOR: name });
      await job.run("release-verify", "prod", "--allow-unverified");
      expect(job.summary()).to.include("Let through by @\u200beveryone").and.include("Attested: built from");
      const kinds = kindsIn(job.summary());
      for (const kind of ["html", "link", "image", "heading"]) expect(kinds).not.to.include(kind);
      expect(job.summary()).not.to.match(/@[a-z]/);
    });

    for (const environment of ["sit", "prod"]) {
      it(`and refused for ${environment} when it was built on a machine, unless someone lets it through`, async () => {
        const job = await start({ kind: "machine" });
        expect(await complaintOf(job.run("release-verify", environment))).to.match(
          new RegExp(`^Not for ${environment}: it was built on a machine`),
        );
        await job.run("release-verify", environment, "--allow-unverified");
        expect(job.summary()).to.include("Let through by someone");
        expect(gh.calls()).to.be.empty;
      });
    }
  });

  describe("has its turn", () => {
    const liveCommit = (origin: Origin | undefined): Answers => ({
      GetAliasCommand: () => ({
        Name: "latest-dev",
        FunctionVersion: "8",
        Description: describeRecord({
          action: "release",
          version: "8",
          at: new Date("2026-03-03T21:00:00Z"),
          before: "7",
          origin,
          by: undefined,
          deadLetters: undefined,
          reason: "x",
        }),
      }),
    });
    const live = liveCommit({ ...BUILT, commit: LIVE });

    for (const [status, turn] of [
      ["ahead", "mine"],
      ["identical", "mine"],
      ["diverged", "mine"],
      ["behind", "passed"],
    ] as const) {
      it(`(${turn}) when GitHub says that it is ${status}`, async () => {
        github.comparisons.set(`${LIVE}...${MINE}`, status);
        const job = await start(BUILT, live);
        await job.run("release-turn", "dev");
        expect(job.outputs()).to.equal(`turn=${turn}\n`);
      });
    }

    it("passed with a word about why", async () => {
      github.comparisons.set(`${LIVE}...${MINE}`, "behind");
      const job = await start(BUILT, live);
      await job.run("release-turn", "dev");
      expect(job.summary()).to.include("Steps aside, nothing was changed: ").and.include("newer than");
    });

    it("when GitHub does not know the live commit", async () => {
      const job = await start(BUILT, live);
      await job.run("release-turn", "dev");
      expect(job.outputs()).to.equal("turn=mine\n");
      expect(job.summary()).to.include("GitHub does not know one of");
    });

    it("when nobody knows what is live", async () => {
      const job = await start(BUILT, liveCommit(undefined));
      await job.run("release-turn", "dev");
      expect(job.outputs()).to.equal("turn=mine\n");
    });

    it("when nothing is", async () => {
      const job = await start(BUILT, {
        GetAliasCommand: () => {
          throw awsError("ResourceNotFoundException");
        },
      });
      await job.run("release-turn", "dev");
      expect(job.outputs()).to.equal("turn=mine\n");
    });

    it("not when it cannot look", async () => {
      const job = await start(BUILT, {
        GetAliasCommand: () => {
          throw awsError("AccessDeniedException", "not authorized");
        },
      });
      expect(await complaintOf(job.run("release-turn", "dev"))).to.equal("not authorized");
      expect(job.outputs()).to.equal("");
    });
  });
});
