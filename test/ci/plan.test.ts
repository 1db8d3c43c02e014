import { expect } from "chai";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { plannedChanges } from "../../ops/terraform/planned-changes.ts";
import { planInMarkdown } from "../../ci/plan/plan-in-markdown.ts";
import { type GitHubServer, startGitHub } from "./github-server.ts";
import { complaintOf, createJob, type TestJob } from "./job.ts";
import { linkedRepository } from "../linked-repository.ts";
import { recordedPlan, type RecordedTerraform, recordedTerraform } from "./terraform.ts";

const changesOf = (name: string) => plannedChanges(JSON.parse(readFileSync(recordedPlan(name), "utf8")));

describe("plannedChanges", () => {
  it("are the destroys first, then what is replaced and why, what changes, what is new", () => {
    expect(
      changesOf("mixed").map(({ address, action, attributes }) => ({ address, action, attributes })),
    ).to.deep.equal([
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
    expect(row).to.equal('| add | ``a.b["x\\|`y`"]`` | |');
  });

  describe("of a plan that is too large for a comment", () => {
    const many = (count: number, action: "add" | "destroy") =>
      Array.from({ length: count }, (_, index) => ({
        address: `aws_sqs_queue.${action}["${index}${"x".repeat(100)}"]`,
        action,
        attributes: ["a".repeat(100)],
        digest: "",
      }));
    const countIn = (markdown: string, text: string): number => markdown.split(text).length - 1;

    it("shows everything that is lost, and counts what else there is", () => {
      const markdown = planInMarkdown("dev", [...many(50, "destroy"), ...many(5000, "add")], 65_000);
      expect(markdown.length).to.be.below(65_000);
      expect(countIn(markdown, "**DESTROY**")).to.equal(50);
      const shown = countIn(markdown, "| add |");
      expect(markdown)
        .to.include("5000 to add")
        .and.include(`and ${5000 - shown} more; the summary`);
      expect(shown).to.be.above(100);
    });

    it("shows everything that is lost as a list, when a table has no room for it", () => {
      const markdown = planInMarkdown("dev", [...many(400, "destroy"), ...many(5, "add")], 65_000);
      expect(markdown.length).to.be.below(65_000);
      expect(countIn(markdown, "- **DESTROY**")).to.equal(400);
      expect(markdown).to.include("and 5 other changes");
    });

    it("counts what is lost when not even a list has room for it", () => {
      const markdown = planInMarkdown("dev", many(5000, "destroy"), 65_000);
      expect(markdown.length).to.be.below(65_000);
      const shown = countIn(markdown, "- **DESTROY**");
      expect(markdown).to.include(`and ${5000 - shown} more that are destroyed or replaced`);
    });

    it("is whole in the summary", () => {
      const markdown = planInMarkdown("dev", [...many(50, "destroy"), ...many(1500, "add")]);
      expect(countIn(markdown, "| add |")).to.equal(1500);
    });
  });
});

describe("ci plan", () => {
  const repository = linkedRepository();
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
    rmSync(repository, { recursive: true });
  });

  const start = (variables: Readonly<Record<string, string>> = {}): TestJob => {
    const job = createJob({
      variables: {
        ...github.variables,
        ...terraform.variables,
        PULL_REQUEST: "12",
        HEAD_SHA: "fedcba9876543210fedcba9876543210fedcba98",
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
      `plan -input=false -no-color -lock=false -refresh=false -out=${join(repository, "dist/plan/dev.tfplan")}`,
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

  it("names the commit that was pushed, not the merge that GitHub tries", async () => {
    terraform.show("none");
    github.comments.length = 0;
    await start().run("plan", "dev");
    expect(github.comments[0]?.body).to.include("fedcba9").and.not.include("0123456");
  });

  it("fails, says so in the place of the plan before, and leaves no raw plan, when Terraform does", async () => {
    github.comments.length = 0;
    terraform.show("mixed");
    await start().run("plan", "dev");
    terraform.show("mixed", 1);
    expect(await complaintOf(start().run("plan", "dev"))).to.include("terraform plan failed");
    expect(github.comments).to.have.length(1);
    expect(github.comments[0]?.body).to.include("Plan for dev: failed").and.not.include("to destroy");
    expect(existsSync(join(repository, "dist/plan/dev.tfplan"))).to.be.false;
  });

  it("fails when it is not told which pull request it is for, before it does anything", async () => {
    expect(await complaintOf(start({ PULL_REQUEST: "" }).run("plan", "dev"))).to.equal(
      "The environment variable PULL_REQUEST is not set. Run the step in its workflow, which sets it",
    );
    expect(await complaintOf(start({ PULL_REQUEST: "1; ls" }).run("plan", "dev"))).to.equal(
      'The environment variable PULL_REQUEST is "1; ls". Set it to the number of the pull request',
    );
  });
});
