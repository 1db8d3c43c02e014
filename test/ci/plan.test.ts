import { expect } from "chai";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { plannedChanges } from "../../ops/terraform/planned-changes.ts";
import { planInMarkdown } from "../../ci/plan/plan-in-markdown.ts";
import { type GitHubServer, startGitHub } from "./github-server.ts";
import { complaintOf, createJob, type TestJob } from "./job.ts";
import { recordedPlan, type RecordedTerraform, recordedTerraform } from "./terraform.ts";

const changesOf = (name: string) => plannedChanges(JSON.parse(readFileSync(recordedPlan(name), "utf8")));

describe("plannedChanges", () => {
  it("are the destroys first, then what is replaced and why, what changes, what is new", () => {
    expect(changesOf("mixed").map(({ digest: _, ...change }) => change)).to.deep.equal([
      { address: "terraform_data.removed", action: "destroy", attributes: [] },
      { address: "terraform_data.replaced", action: "replace", attributes: ["triggers_replace"] },
      { address: "terraform_data.changed", action: "change", attributes: ["input", "output"] },
      { address: "terraform_data.added", action: "add", attributes: [] },
    ]);
  });

  it("are none when there is nothing to do", () => {
    expect(changesOf("none")).to.be.empty;
  });

  it("tell a resource that Terraform would only forget", () => {
    const change = { actions: ["forget"], before: {}, after: null };
    expect(
      plannedChanges({ format_version: "1.2", resource_changes: [{ address: "a.b", change }] })[0],
    ).to.include({ address: "a.b", action: "forget" });
  });

  it("are not read from what is no plan, or one of a format to come", () => {
    for (const content of [null, [], {}, { format_version: "2.0" }])
      expect(() => plannedChanges(content)).to.throw("no plan");
  });
});

describe("planInMarkdown", () => {
  it("counts, and shows what is lost first, without any value", () => {
    const markdown = planInMarkdown("dev", changesOf("mixed"));
    expect(markdown).to.equal(
      [
        "### Plan for dev: 1 to destroy, 1 to replace, 1 to change, 1 to add",
        "",
        "| | resource | attributes |",
        "| - | - | - |",
        "| **DESTROY** | `terraform_data.removed` | |",
        "| **REPLACE**, because of | `terraform_data.replaced` | `triggers_replace` |",
        "| change | `terraform_data.changed` | `input`, `output` |",
        "| add | `terraform_data.added` | |",
      ].join("\n"),
    );
    expect(markdown).not.to.include("secret-value");
  });

  it("says so when there is nothing to do", () => {
    expect(planInMarkdown("sit", [])).to.equal("### Plan for sit: nothing to do");
  });

  it("stays a table whatever a resource is called", () => {
    const [row] = planInMarkdown("dev", [
      { address: 'a.b["x|`y`"]', action: "add", attributes: [], digest: "" },
    ])
      .split("\n")
      .slice(-1);
    expect(row).to.equal("| add | `a.b[\"x\\|'y'\"]` | |");
  });

  it("fits into a comment however much changes", () => {
    const changes = Array.from({ length: 5000 }, (_, index) => ({
      address: `aws_sqs_queue.queue["${index}${"x".repeat(100)}"]`,
      action: "add" as const,
      attributes: [],
      digest: "",
    }));
    const markdown = planInMarkdown("dev", changes);
    expect(markdown.length).to.be.below(60_000);
    expect(markdown).to.include("5000 to add").and.include("and 4850 more");
  });
});

describe("ci plan", () => {
  const repository = fileURLToPath(new URL("../..", import.meta.url));
  let terraform: RecordedTerraform;
  let github: GitHubServer;
  const jobs: TestJob[] = [];

  before(async () => {
    github = await startGitHub();
    terraform = recordedTerraform();
  });
  after(async () => {
    await github.close();
    terraform.remove();
    for (const job of jobs) job.remove();
  });

  const start = (variables: Readonly<Record<string, string>> = {}): TestJob => {
    const job = createJob({
      variables: {
        ...github.variables,
        ...terraform.variables,
        PULL_REQUEST: "12",
        ...variables,
      },
      repository,
    });
    jobs.push(job);
    return job;
  };

  it("plans without a lock, leaves no raw plan behind, and keeps one comment for each environment", async () => {
    terraform.show("mixed");
    await start().run("plan", "dev");
    expect(terraform.calls()).to.deep.equal([
      "init -input=false -no-color",
      `plan -input=false -no-color -lock=false -out=${join(repository, "dist/plan/dev.tfplan")}`,
      `show -json ${join(repository, "dist/plan/dev.tfplan")}`,
    ]);
    expect(existsSync(join(repository, "dist/plan/dev.tfplan"))).to.be.false;
    expect(github.comments).to.have.length(1);
    expect(github.comments[0]?.body).to.match(/^<!-- plan: dev -->\n### Plan for dev: 1 to destroy/);

    terraform.show("none");
    const job = start();
    await job.run("plan", "dev");
    expect(github.comments).to.have.length(1);
    expect(github.comments[0]?.body).to.include("nothing to do");
    expect(job.summary()).to.include("### Plan for dev: nothing to do");
    // The values that a plan holds are nothing for the log.
    expect(job.log()).to.include("the plan").and.not.include("resource_changes");

    await start().run("plan", "sit");
    expect(github.comments).to.have.length(2);
  });

  it("finds its comment behind a hundred others, and leaves a reader's with the same beginning alone", async () => {
    terraform.show("none");
    const reader = { id: 500, body: "<!-- plan: prod --> what is this?", user: { type: "User" } };
    const others = Array.from({ length: 120 }, (_, index) => ({
      id: 1000 + index,
      body: "+1",
      user: { type: "User" },
    }));
    const ours = { id: 2000, body: "<!-- plan: prod -->\nold", user: { type: "Bot" } };
    github.comments.splice(0, github.comments.length, reader, ...others, ours);
    await start().run("plan", "prod");
    expect(github.comments).to.have.length(122);
    expect(ours.body).to.include("Plan for prod: nothing to do");
    expect(reader.body).to.include("what is this?");
  });

  it("fails, with no comment and no raw plan left, when Terraform does", async () => {
    terraform.show("mixed", 1);
    github.comments.length = 0;
    expect(await complaintOf(start().run("plan", "dev"))).to.include("terraform plan failed");
    expect(github.comments).to.be.empty;
    expect(existsSync(join(repository, "dist/plan/dev.tfplan"))).to.be.false;
  });

  it("fails when it is not told which pull request it is for, before it does anything", async () => {
    expect(await complaintOf(start({ PULL_REQUEST: "" }).run("plan", "dev"))).to.include(
      "PULL_REQUEST is not set",
    );
    expect(await complaintOf(start({ PULL_REQUEST: "1; ls" }).run("plan", "dev"))).to.include(
      "must be the number",
    );
  });
});
