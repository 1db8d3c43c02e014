import { expect } from "chai";
import { zipSync } from "fflate";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { codeSha256 } from "../../build/code-sha256.ts";
import { releaseFiles } from "../../ci/release/release-files.ts";
import { describeRecord, type Origin } from "../../ops/aws/lambda/release-record.ts";
import { readProvenance } from "../../ops/release/provenance.ts";
import { copyCurrentBuild } from "../build/built-function.ts";
import { awsError } from "../ops/recorded-aws.ts";
import { complaintOf, createJob, type TestJob } from "./job.ts";

const COMMIT = "c".repeat(40);
const BUILT: Origin = { kind: "workflow", commit: COMMIT, run: "41", gatesSkippedBy: undefined };

describe("ci release", () => {
  const variables = {
    GITHUB_SERVER_URL: "https://github.example",
    GITHUB_REPOSITORY: "owner/repo",
    GITHUB_SHA: "a".repeat(40),
    GITHUB_RUN_ID: "42",
    GITHUB_ACTOR: "jo",
    // eslint-disable-next-line no-restricted-syntax -- programs are found by it
    PATH: process.env["PATH"],
  };
  const zip = zipSync({ "index.js": Buffer.from("exports.handler = async () => {};") });
  const jobs: TestJob[] = [];
  const start = (...args: Parameters<typeof createJob>): TestJob => {
    const job = createJob(...args);
    jobs.push(job);
    return job;
  };
  let lambdasBucket: Server;
  let location: string;

  before(async () => {
    lambdasBucket = createServer((request, response) => {
      response.writeHead(request.url === "/zip" ? 200 : 403).end(request.url === "/zip" ? zip : "expired");
    });
    lambdasBucket.listen(0, "127.0.0.1");
    await once(lambdasBucket, "listening");
    location = `http://127.0.0.1:${(lambdasBucket.address() as AddressInfo).port}/zip`;
  });
  after(() => {
    lambdasBucket.close();
    for (const job of jobs) job.remove();
  });

  const record = (version: string, origin: Origin | undefined): string =>
    describeRecord({
      action: "release",
      version,
      at: new Date("2026-03-03T21:00:00Z"),
      before: "4",
      origin,
      by: undefined,
      deadLetters: undefined,
      reason: "x",
    });

  /** Lambda, with this zip as every version; 7 is live, 5 was before it, and both tell where they come from. */
  const lambda = (code: object = {}, origin: Origin | undefined = BUILT) => ({
    GetAliasCommand: () => ({
      Name: "latest-dev",
      FunctionVersion: "7",
      Description: record("7", origin),
    }),
    ListAliasesCommand: () => ({
      Aliases: [
        {
          Name: "backup-20260303T210000Z",
          FunctionVersion: "5",
          Description: record("5", { ...BUILT, commit: "d".repeat(40) }),
        },
      ],
    }),
    GetFunctionCommand: ({ Qualifier }: { Qualifier: string }) => ({
      Configuration: { CodeSha256: codeSha256(zip), Version: Qualifier, ...code },
      Code: { Location: location },
    }),
    GetFunctionConfigurationCommand: () => ({ CodeSha256: codeSha256(zip), Version: "3", ...code }),
  });

  /** Makes the job's folder a checkout, and says of which commit. */
  const checkOut = ({ context: { repository } }: TestJob): string => {
    const git = (...args: string[]): string =>
      execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.com", ...args], {
        cwd: repository,
        encoding: "utf8",
      }).trim();
    git("init", "--quiet");
    git("commit", "--quiet", "--allow-empty", "--message=x");
    return git("rev-parse", "HEAD");
  };

  describe("is built once", () => {
    it("with the commit and the run that it comes from", async () => {
      const job = start({ variables });
      await job.run("release-build");
      const { zip: zipPath, provenance } = releaseFiles(job.context.repository);
      const built = readFileSync(zipPath);
      expect(await readProvenance(provenance)).to.deep.equal({
        codeSha256: codeSha256(built),
        bytes: built.length,
        repository: "owner/repo",
        origin: { kind: "workflow", commit: variables.GITHUB_SHA, run: "42" },
        promotedFrom: null,
      });
      expect(job.summary()).to.include(codeSha256(built));
    });

    it("and says who deploys it without the quality gates", async () => {
      const job = start({ variables });
      await copyCurrentBuild(join(job.context.repository, "dist"));
      await job.run("release-build", "--skip-tests");
      const { origin } = await readProvenance(releaseFiles(job.context.repository).provenance);
      expect(origin).to.include({ gatesSkippedBy: "jo" });
      expect(job.summary()).to.include("quality gates skipped by jo");
    });
  });

  describe("is checked against what its commit builds", () => {
    /** A release that claims to be of this checkout. */
    const builtHere = async (): Promise<TestJob> => {
      const job = start({ variables });
      const commit = checkOut(job);
      await copyCurrentBuild(join(job.context.repository, "dist"));
      const building = start({
        variables: { ...variables, GITHUB_SHA: commit },
        repository: job.context.repository,
      });
      await building.run("release-build");
      return job;
    };

    it("and passes with the same bytes", async () => {
      const job = await builtHere();
      await job.run("release-check");
      expect(job.summary()).to.match(/^Ships CodeSha256 `.*`, which its commit builds; built from commit/);
    });

    it("and is refused with nine bytes more, though its provenance says the same", async () => {
      const job = await builtHere();
      const files = releaseFiles(job.context.repository);
      const evil = Buffer.concat([readFileSync(files.zip), Buffer.from("evil bytes".slice(0, 9))]);
      const told = await readProvenance(files.provenance);
      writeFileSync(files.zip, evil);
      writeFileSync(files.provenance, JSON.stringify({ ...told, codeSha256: codeSha256(evil) }));
      expect(await complaintOf(job.run("release-check"))).to.match(
        /is not what commit [0-9a-f]{40} builds: \d+ bytes, and the build has \d+\. Do not ship it\. Find out who changed the zip or its provenance$/,
      );
    });

    it("and is refused with other bytes whose provenance says that no commit builds them", async () => {
      const job = await builtHere();
      const files = releaseFiles(job.context.repository);
      const evil = Buffer.from("evil");
      const told = await readProvenance(files.provenance);
      writeFileSync(files.zip, evil);
      writeFileSync(
        files.provenance,
        JSON.stringify({
          ...told,
          codeSha256: codeSha256(evil),
          bytes: evil.length,
          origin: { kind: "machine" },
        }),
      );
      expect(await complaintOf(job.run("release-check"))).to.include("claims to come from a machine");
    });

    it("and is refused when it was changed on the way from job to job", async () => {
      const job = await builtHere();
      const { zip: path } = releaseFiles(job.context.repository);
      writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from("!")]));
      expect(await complaintOf(job.run("release-check"))).to.match(
        /and its provenance says .*\. An earlier job of the workflow run makes it: run the workflow from its beginning$/,
      );
    });

    it("and is refused in a checkout of another commit", async () => {
      const job = await builtHere();
      const later = checkOut(job);
      expect(await complaintOf(job.run("release-check"))).to.match(
        new RegExp(
          `was built from ([0-9a-f]{40}), and this checkout is of ${later}\\. Check out the release's commit: git checkout \\1$`,
        ),
      );
    });

    it("but not when no commit is known, which somebody has to let through, and which is said", async () => {
      const job = start({ variables, answers: lambda({}, { kind: "machine" }) });
      await job.run("release-fetch", "dev");
      expect(await complaintOf(job.run("release-check"))).to.match(
        /no commit builds it\. Deploy a build of the workflow, or let this one through with --allow-unverified$/,
      );
      await job.run("release-check", "--allow-unverified");
      expect(job.summary()).to.include("[!WARNING]").and.include("no commit builds it");
    });
  });

  describe("is fetched", () => {
    it("as the bytes that run, with the commit that they were built from", async () => {
      const job = start({ variables, answers: lambda() });
      await job.run("release-fetch", "dev");
      expect(job.aws.callsOf("GetFunctionCommand")).to.deep.equal([
        { FunctionName: "bbws-ecs-event-handler-dev", Qualifier: "7" },
      ]);
      const { zip: zipPath, provenance } = releaseFiles(job.context.repository);
      expect(readFileSync(zipPath).equals(zip)).to.be.true;
      expect(await readProvenance(provenance)).to.deep.include({
        origin: { kind: "workflow", commit: COMMIT, run: "41" },
        promotedFrom: { environment: "dev", version: "7" },
      });
      expect(job.outputs()).to.equal(`version=7\ncommit=${COMMIT}\n`);
      await job.run("release-confirm", "sit");
      expect(job.summary()).to.include(`**sit** runs version 3, CodeSha256 \`${codeSha256(zip)}\``);
    });

    it("as the version that was asked for, with its own commit", async () => {
      const job = start({ variables, answers: lambda() });
      await job.run("release-fetch", "dev", "--version=5");
      expect(job.aws.callsOf("GetFunctionCommand")[0]).to.include({ Qualifier: "5" });
      expect(job.outputs()).to.equal(`version=5\ncommit=${"d".repeat(40)}\n`);
    });

    it("without a commit when nobody has written it down, and is then of main's", async () => {
      const job = start({ variables, answers: lambda() });
      await job.run("release-fetch", "dev", "--version=6");
      expect(job.outputs()).to.equal(`version=6\ncommit=${variables.GITHUB_SHA}\n`);
      expect((await readProvenance(releaseFiles(job.context.repository).provenance)).origin).to.deep.equal({
        kind: "machine",
      });
    });
  });

  describe("is not fetched", () => {
    for (const version of ["latest", "$LATEST", "0", "7; rm -rf /"]) {
      it(`by the version ${version}`, async () => {
        const job = start({ variables, answers: lambda() });
        expect(await complaintOf(job.run("release-fetch", "dev", `--version=${version}`))).to.equal(
          `${JSON.stringify(version)} is not a version of a function. ` +
            "A version is a number, such as 7. List the versions: npm run ops -- status dev",
        );
        expect(job.aws.calls).to.be.empty;
      });
    }

    it("by a version that was deleted", async () => {
      const job = start({
        variables,
        answers: {
          ...lambda(),
          GetFunctionCommand: () => {
            throw awsError("ResourceNotFoundException", "Function not found");
          },
        },
      });
      expect(await complaintOf(job.run("release-fetch", "dev", "--version=3"))).to.match(
        /has no version 3; it may have been deleted\. List the versions: npm run ops -- status dev$/,
      );
    });

    it("from an environment that was never deployed, and says what to do first", async () => {
      const job = start({
        variables,
        answers: {
          GetAliasCommand: () => {
            throw awsError("ResourceNotFoundException", "Function not found");
          },
        },
      });
      expect(await complaintOf(job.run("release-fetch", "dev"))).to.match(
        /has no alias latest-dev\. A deployment creates both: npm run ops -- deploy dev$/,
      );
    });

    it("when the bytes are not those that Lambda speaks of", async () => {
      const job = start({ variables, answers: lambda({ CodeSha256: "other" }) });
      expect(await complaintOf(job.run("release-fetch", "dev"))).to.match(
        /has CodeSha256 .* Lambda says other/,
      );
    });

    it("when the link does not work, and the link is not told", async () => {
      const job = start({
        variables,
        answers: {
          ...lambda(),
          GetFunctionCommand: () => ({
            Configuration: { CodeSha256: "x" },
            Code: { Location: `${location}-expired` },
          }),
        },
      });
      expect(await complaintOf(job.run("release-fetch", "dev"))).to.equal(
        "The code cannot be downloaded: HTTP 403",
      );
    });
  });

  it("is not confirmed when the alias runs something else", async () => {
    const job = start({ variables, answers: lambda() });
    await job.run("release-fetch", "dev");
    const after = start({
      variables,
      answers: lambda({ CodeSha256: "other" }),
      repository: job.context.repository,
    });
    expect(await complaintOf(after.run("release-confirm", "sit")))
      .to.include("bbws-ecs-event-handler-sit:latest-sit runs CodeSha256 other")
      .and.match(/Something else moved the alias since\. See what is live: npm run ops -- status sit$/);
  });

  it("is refused without a provenance, with one that is none, and without a zip", async () => {
    const job = start({ variables });
    expect(await complaintOf(job.run("release-check"))).to.include(
      "An earlier job of the workflow run makes it",
    );
    const { provenance } = releaseFiles(job.context.repository);
    mkdirSync(dirname(provenance), { recursive: true });
    const good = {
      codeSha256: "x",
      bytes: 1,
      repository: "owner/repo",
      origin: { ...BUILT },
      promotedFrom: null,
    };
    for (const content of [
      [],
      null,
      { ...good, origin: { kind: "found" } },
      { ...good, origin: { ...BUILT, commit: "main" } },
      { ...good, origin: { ...BUILT, run: "x" } },
      { ...good, promotedFrom: "dev" },
    ]) {
      writeFileSync(provenance, JSON.stringify(content));
      expect(await complaintOf(job.run("release-check")), JSON.stringify(content)).to.include(
        "is not the provenance of a release",
      );
    }
    writeFileSync(provenance, JSON.stringify(good));
    expect(await complaintOf(job.run("release-check"))).to.equal(
      "dist/release/handler.zip cannot be read. " +
        "An earlier job of the workflow run makes it: run the workflow from its beginning",
    );
  });
});
