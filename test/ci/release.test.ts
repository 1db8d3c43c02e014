import { expect } from "chai";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
import { codeSha256, zipHandler } from "../../build/handler-zip.ts";
import { readProvenance, releaseFiles } from "../../ci/release/provenance.ts";
import { awsError } from "../ops/recorded-aws.ts";
import { complaintOf, createJob, type TestJob } from "./job.ts";

describe("ci release", () => {
  const variables = {
    GITHUB_SERVER_URL: "https://github.example",
    GITHUB_REPOSITORY: "owner/repo",
    GITHUB_SHA: "a".repeat(40),
    GITHUB_RUN_ID: "42",
  };
  const zip = zipHandler(Buffer.from("exports.handler = async () => {};"));
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

  /** Lambda, with this zip as version 7. */
  const lambda = (code: object = {}) => ({
    GetFunctionCommand: () => ({
      Configuration: {
        FunctionArn: "arn:aws:lambda:af-south-1:536580886816:function:bbws-ecs-event-handler-dev:7",
        CodeSha256: codeSha256(zip),
        Version: "7",
        ...code,
      },
      Code: { Location: location },
    }),
    GetFunctionConfigurationCommand: () => ({ CodeSha256: codeSha256(zip), Version: "3", ...code }),
  });

  it("is built once, with the commit and the run that it comes from", async () => {
    const job = start({ variables });
    await job.run("release-build");
    const { zip: zipPath, provenance } = releaseFiles(job.context.repository);
    const built = readFileSync(zipPath);
    expect(await readProvenance(provenance)).to.deep.equal({
      codeSha256: codeSha256(built),
      bytes: built.length,
      origin: {
        kind: "built",
        repository: "owner/repo",
        commit: variables.GITHUB_SHA,
        run: "https://github.example/owner/repo/actions/runs/42",
      },
    });
    expect(job.summary()).to.include(codeSha256(built));
    await job.run("release-check");
  });

  it("is promoted as the bytes that run in the environment before", async () => {
    const job = start({ variables, answers: lambda() });
    await job.run("release-fetch", "dev");
    expect(job.aws.callsOf("GetFunctionCommand")).to.deep.equal([
      { FunctionName: "bbws-ecs-event-handler-dev", Qualifier: "latest-dev" },
    ]);
    const { zip: zipPath, provenance } = releaseFiles(job.context.repository);
    expect(readFileSync(zipPath).equals(zip)).to.be.true;
    expect((await readProvenance(provenance)).origin).to.deep.include({
      kind: "promoted",
      from: "dev",
      version: "7",
    });
    await job.run("release-check");
    await job.run("release-confirm", "sit");
    expect(job.summary()).to.include(`**sit** runs version 3, CodeSha256 \`${codeSha256(zip)}\``);
  });

  it("is promoted from the version that was asked for", async () => {
    const job = start({ variables, answers: lambda() });
    await job.run("release-fetch", "dev", "--version=5");
    expect(job.aws.callsOf("GetFunctionCommand")[0]).to.include({ Qualifier: "5" });
  });

  it("is not fetched by a version that is no number", async () => {
    const job = start({ variables, answers: lambda() });
    expect(await complaintOf(job.run("release-fetch", "dev", "--version=latest"))).to.include(
      '"latest" is no version',
    );
    expect(job.aws.calls).to.be.empty;
  });

  it("is not fetched when the bytes are not those that Lambda speaks of", async () => {
    const job = start({ variables, answers: lambda({ CodeSha256: "other" }) });
    expect(await complaintOf(job.run("release-fetch", "dev"))).to.match(
      /has CodeSha256 .* Lambda says other/,
    );
  });

  it("is not fetched when the link does not work, and the link is not told", async () => {
    const job = start({
      variables,
      answers: {
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

  it("is not fetched from a function that is not there", async () => {
    const job = start({
      variables,
      answers: {
        GetFunctionCommand: () => {
          throw awsError("ResourceNotFoundException", "Function not found");
        },
      },
    });
    expect(await complaintOf(job.run("release-fetch", "dev"))).to.equal("Function not found");
  });

  it("is refused when it was changed on the way from job to job", async () => {
    const job = start({ variables, answers: lambda() });
    await job.run("release-fetch", "dev");
    writeFileSync(releaseFiles(job.context.repository).zip, Buffer.concat([zip, Buffer.from("!")]));
    expect(await complaintOf(job.run("release-check"))).to.include("and its provenance says");
  });

  it("is refused when it was built from another commit", async () => {
    const job = start({ variables });
    await job.run("release-build");
    const later = start({
      variables: { ...variables, GITHUB_SHA: "b".repeat(40) },
      repository: job.context.repository,
    });
    expect(await complaintOf(later.run("release-check"))).to.match(
      /built from a{40}, and this run is of b{40}/,
    );
  });

  it("is not confirmed when the alias runs something else", async () => {
    const job = start({ variables, answers: lambda() });
    await job.run("release-fetch", "dev");
    const after = start({
      variables,
      answers: lambda({ CodeSha256: "other" }),
      repository: job.context.repository,
    });
    expect(await complaintOf(after.run("release-confirm", "sit"))).to.include(
      "bbws-ecs-event-handler-sit:latest-sit runs CodeSha256 other",
    );
  });

  it("is refused without a provenance, and with one that is none", async () => {
    const job = start({ variables });
    expect(await complaintOf(job.run("release-check"))).to.include("an earlier job of the run makes it");
    const { provenance } = releaseFiles(job.context.repository);
    mkdirSync(dirname(provenance), { recursive: true });
    for (const content of ['{"codeSha256":"x","bytes":1,"origin":{"kind":"found"}}', "[]", "null"]) {
      writeFileSync(provenance, content);
      expect(await complaintOf(job.run("release-check")), content).to.include(
        "is no provenance of a release",
      );
    }
  });
});
