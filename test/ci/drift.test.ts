import { expect } from "chai";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { driftFolder, type DriftReport } from "../../ci/drift/drift-report.ts";
import { type GitHubServer, startGitHub } from "./github-server.ts";
import { listEnvironments } from "../../envs/load.ts";
import { complaintOf, createJob, type TestJob } from "./job.ts";

describe("ci drift-issue", () => {
  let github: GitHubServer;
  let jobs: TestJob[];
  beforeEach(async () => {
    github = await startGitHub();
    jobs = [];
  });
  afterEach(async () => {
    await github.close();
    for (const job of jobs) job.remove();
  });

  const keep = async (...reports: readonly DriftReport[]): Promise<TestJob> => {
    const job = createJob({ variables: github.variables });
    jobs.push(job);
    const folder = driftFolder(job.context.repository);
    if (reports.length > 0) mkdirSync(folder, { recursive: true });
    for (const report of reports)
      writeFileSync(join(folder, `${report.environment}.json`), JSON.stringify(report));
    await job.run("drift-issue");
    return job;
  };
  const report = (environment: string, drifted = false): DriftReport => ({
    environment,
    drifted,
    markdown: `## ${environment}\n\nwhat was found`,
  });
  /** One of every environment; those named have drifted. */
  const reports = (...drifted: readonly string[]): DriftReport[] =>
    listEnvironments().map((environment) => report(environment, drifted.includes(environment)));

  it("opens one issue with the first drift and brings it up to date with the next", async () => {
    await keep(...reports("dev"));
    expect(github.issues).to.have.length(1);
    expect(github.issues[0]).to.include({ title: "Drift in dev", state: "open" });
    expect(github.issues[0]?.body).to.include("## dev").and.not.include("## sit");
    expect(github.issues[0]?.labels).to.deep.equal([{ name: "drift" }]);

    await keep(...reports("dev", "sit"));
    expect(github.issues).to.have.length(1);
    expect(github.issues[0]?.body).to.include("## sit");
  });

  it("closes it when no environment has any, and opens another for the next", async () => {
    await keep(...reports("dev"));
    const job = await keep(...reports());
    expect(github.issues[0]).to.include({ state: "closed" });
    expect(job.summary()).to.include("issue 1 is closed");
    await keep(...reports("dev"));
    expect(github.issues.map(({ state }) => state)).to.deep.equal(["closed", "open"]);
  });

  it("keeps it open while an environment could not be looked at", async () => {
    await keep(...reports("dev"));
    const job = await keep(...reports().filter(({ environment }) => environment !== "prod"));
    expect(github.issues[0]).to.include({ state: "open" });
    expect(job.summary()).to.include("prod could not be looked at");
    expect((await keep()).summary()).to.include(`${listEnvironments().join(", ")} could not be looked at`);
  });

  it("says in the issue what could not be looked at", async () => {
    await keep(report("dev", true));
    expect(github.issues[0]?.body).to.include(
      `Could not be looked at: ${listEnvironments()
        .filter((name) => name !== "dev")
        .join(", ")}`,
    );
  });

  it("does nothing when there is no drift and no issue", async () => {
    expect((await keep(...reports())).summary()).to.include("No drift");
    expect(github.issues).to.be.empty;
  });

  it("leaves issues about other things alone, also those with its label, its title or its marker", async () => {
    const marker = "<!-- drift of the ECS tenant event handler -->";
    const others = [
      { title: "Drift?", body: "", user: { type: "User" }, labels: [{ name: "drift" }] },
      { title: "Drift in dev", body: marker, user: { type: "User" }, labels: [] },
      {
        title: "Drift in dev",
        body: "of another repository's",
        user: { type: "Bot" },
        labels: [{ name: "drift" }],
      },
    ].map((issue, index) => ({ ...issue, number: index + 1, state: "open" }));
    github.issues.push(...others);
    await keep(...reports("dev"));
    expect(github.issues).to.have.length(4);
    await keep(...reports());
    expect(github.issues.map(({ state }) => state)).to.deep.equal(["open", "open", "open", "closed"]);
    expect(others.map(({ body }) => body)).to.deep.equal(["", marker, "of another repository's"]);
  });

  it("keeps the link to the run, and a part of each environment's, however long they are", async () => {
    const long = (environment: string): DriftReport => ({
      environment,
      drifted: true,
      markdown: `## ${environment}\n\n${"- `a row`\n".repeat(10_000)}`,
    });
    await keep(long("dev"), long("sit"), long("prod"));
    const body = github.issues[0]?.body ?? "";
    expect(body.length).to.be.below(65_536);
    expect(body).to.include("https://github.example/owner/repo/actions/runs/42");
    for (const environment of ["dev", "sit", "prod"]) expect(body).to.include(`## ${environment}`);
    expect(body).to.include("and more");
  });

  it("refuses a report that is none", async () => {
    expect(await complaintOf(keep({ environment: "dev" } as DriftReport))).to.match(
      /^dist\/drift\/dev\.json is no report of drift\. An earlier job of the workflow run makes it: /,
    );
  });

  it("fails when GitHub refuses the token", async () => {
    const job = createJob({ variables: { ...github.variables, GITHUB_TOKEN: "wrong" } });
    jobs.push(job);
    expect(await complaintOf(job.run("drift-issue"))).to.include("Bad credentials");
  });
});
