import { readFileSync } from "node:fs";
import { expect } from "chai";
import { operate, transcriptInMarkdown } from "../../ci/operate.ts";
import { functionAnswers } from "../ops/function-answers.ts";
import { healthyDev } from "../ops/healthy-dev.ts";
import { createJob, type TestJob } from "./job.ts";
import { recordedPlan } from "./terraform.ts";

describe("ci ops", () => {
  let job: TestJob;
  beforeEach(() => {
    job = createJob({ answers: { GetCallerIdentityCommand: () => ({ Account: "1" }) } });
  });
  afterEach(() => {
    job.remove();
  });

  it("runs the operator's command, ends with its exit code and puts what it said into the summary", async () => {
    expect(await job.run("ops", "dlq", "count", "dev")).to.equal(1);
    expect(job.log()).to.include("536580886816");
    expect(job.summary()).to.match(/^### ops dlq count dev\n\n```text\n[^]*536580886816[^]*\n```/);
  });

  it("hands all options on", async () => {
    expect(await job.run("ops", "dlq", "count", "dev", "--no-such-option")).to.equal(2);
    expect(job.summary()).to.include("--no-such-option");
  });
});

describe("a command that starts programs, in a workflow", () => {
  it("reads itself what it asked for, and has the rest in the log but not in the summary", async () => {
    const lambda = functionAnswers({ versions: { 6: "six", 7: "seven" }, aliases: { "latest-dev": "6" } });
    const job = createJob({ answers: { ...healthyDev(), ...lambda.answers } });
    const plan = readFileSync(recordedPlan("mixed"), "utf8");
    const { transcript } = await operate(
      ["deploy", "dev"],
      job.context,
      (_file, [command = ""], { output }) => {
        output.write(command === "show" ? plan : `${command} goes well\n`);
        return Promise.resolve(0);
      },
    );
    expect(transcript).to.match(/^pass +Plan: 1 to destroy, 1 to replace, 1 to change, 1 to add$/m);
    expect(transcript).not.to.include("goes well");
    expect(job.log()).to.include("apply goes well\n").and.not.include("resource_changes");
    job.remove();
  });
});

describe("transcriptInMarkdown", () => {
  it("stays text, whatever is in it", () => {
    expect(transcriptInMarkdown("a\n```\n# not a heading")).to.equal(
      "````text\na\n```\n# not a heading\n````",
    );
  });

  it("keeps the end of a long one, which says how it ended", () => {
    const markdown = transcriptInMarkdown(`${"x".repeat(2_000_000)}the end`);
    expect(markdown.length).to.be.below(40_000);
    expect(markdown).to.include("the end");
  });
});

describe("ci skipped-tests", () => {
  it("records who skipped them", async () => {
    const job = createJob({ variables: { GITHUB_ACTOR: "someone" } });
    await job.run("skipped-tests");
    expect(job.summary()).to.include("skipped by someone");
    job.remove();
  });
});
