import { expect } from "chai";
import { transcriptInMarkdown } from "../../ci/operate.ts";
import { createJob, type TestJob } from "./job.ts";

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
