import { expect } from "chai";
import { complaintOf, createJob, type TestJob } from "./job.ts";

describe("ci operate", () => {
  const jobs: TestJob[] = [];
  const start = (variables: Readonly<Record<string, string>> = {}): TestJob => {
    const job = createJob({
      variables: { GITHUB_ACTOR: "someone", REASON: "errors since noon", ...variables },
      answers: { GetCallerIdentityCommand: () => ({ Account: "1" }) },
    });
    jobs.push(job);
    return job;
  };
  after(() => {
    for (const job of jobs) job.remove();
  });

  it("runs a command of the list, ends with its exit code, and records who asked for it, and why", async () => {
    const job = start();
    expect(await job.run("operate", "look", "prod", "dlq peek")).to.equal(1);
    expect(job.log()).to.include("AWS account");
    expect(job.summary())
      .to.match(/^### `dlq peek` in prod\n\nBy someone: errors since noon\n\n```text\n/)
      .and.include("093646564004");
  });

  it("changes something in the job that has the approval, and in no other", async () => {
    for (const command of ["reconcile --apply", "dlq replay --apply", "release --again"]) {
      const job = start();
      expect(await complaintOf(job.run("operate", "look", "dev", command))).to.equal(
        `"${command}" changes something. Its job is that for \`change\``,
      );
      expect(job.aws.calls).to.be.empty;
      expect(await job.run("operate", "change", "dev", command)).to.equal(1);
    }
    expect(await complaintOf(start().run("operate", "change", "dev", "verify"))).to.equal(
      '"verify" changes nothing. Its job is that for `look`',
    );
  });

  it("runs nothing that is not on the list", async () => {
    for (const command of ["deploy", "verify --json", "verify; ls", "toString", "", "x".repeat(10_000)]) {
      const job = start();
      const complaint = await complaintOf(job.run("operate", "look", "dev", command));
      expect(complaint).to.include(". Choose one of: verify, status");
      expect(complaint.length).to.be.below(400);
      expect(job.aws.calls).to.be.empty;
    }
  });

  it("takes whatever a reason says as text, in the command and in the summary", async () => {
    const reason = 'x"; $(id) `id`\n# heading\n@everyone ![](https://evil.example) <!-- ';
    const job = start({ REASON: reason });
    await job.run("operate", "change", "dev", "release --again");
    const [, record = ""] = job.summary().split("\n\n");
    expect(record).to.match(/^By someone: /);
    expect(record.split("\n")).to.have.length(1);
    expect(record).not.to.match(/@everyone|<!--|https:\/\/|!\[\]/);
  });

  it("looks at one tenant, whose id is text wherever it goes", async () => {
    for (const tenant of ["acme", "--help", 'x"; $(touch /tmp/gone) `id`', "--html=/tmp/page.html"]) {
      const job = start({ TENANT: tenant });
      expect(await job.run("operate", "look", "prod", "tenant")).to.equal(1);
      expect(job.log()).to.include(`Row of ${tenant}`).and.not.include("Usage:");
      expect(job.summary()).to.match(/^### `+ ?tenant .* in prod\n/);
    }
    expect(await complaintOf(start().run("operate", "look", "dev", "tenant"))).to.include(
      "TENANT is not set",
    );
    expect(await complaintOf(start({ TENANT: "a" }).run("operate", "change", "dev", "tenant"))).to.include(
      "changes nothing",
    );
  });

  it("needs a reason", async () => {
    expect(await complaintOf(start({ REASON: "" }).run("operate", "look", "dev", "verify"))).to.include(
      "REASON is not set",
    );
  });
});
