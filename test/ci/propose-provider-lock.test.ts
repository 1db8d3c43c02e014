import { expect } from "chai";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PROVIDER_LOCK_PATH } from "../../stacks/terraform/provider-lock.ts";
import { type GitHubServer, startGitHub } from "./github-server.ts";
import { complaintOf, createJob, type TestJob } from "./job.ts";

const API = "/repos/owner/repo";
const CONTENTS = `${API}/contents/${encodeURIComponent(PROVIDER_LOCK_PATH)}`;

describe("ci propose-lock", () => {
  let github: GitHubServer;
  let job: TestJob;
  beforeEach(async () => {
    github = await startGitHub();
    job = createJob({ variables: github.variables });
    const file = join(job.context.repository, PROVIDER_LOCK_PATH);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, "checksums");
    for (const [request, answer] of Object.entries({
      [`GET ${API}`]: { default_branch: "main" },
      [`GET ${API}/git/ref/${encodeURIComponent("heads/main")}`]: { object: { sha: "of-main" } },
      [`POST ${API}/git/refs`]: {},
      [`PUT ${CONTENTS}`]: {},
      [`GET ${API}/pulls`]: [],
      [`POST ${API}/pulls`]: { html_url: "https://github.example/pull/7" },
    }))
      github.answers.set(request, answer);
  });
  afterEach(async () => {
    job.remove();
    await github.close();
  });

  const committed = (text: string, sha: string): void => {
    const content = `${Buffer.from(text).toString("base64").slice(0, 4)}\n${Buffer.from(text).toString("base64").slice(4)}`;
    github.answers.set(`GET ${CONTENTS}`, { type: "file", content, sha });
  };
  const requests = (): readonly string[] => github.changes.map(({ request }) => request);

  it("opens a pull request with the file", async () => {
    await job.run("propose-lock");
    expect(requests()).to.deep.equal([`POST ${API}/git/refs`, `PUT ${CONTENTS}`, `POST ${API}/pulls`]);
    expect(github.changes[0]?.body).to.deep.equal({ ref: "refs/heads/provider-lock", sha: "of-main" });
    expect(github.changes[1]?.body).to.include({
      branch: "provider-lock",
      content: Buffer.from("checksums").toString("base64"),
    });
    expect(github.changes[1]?.body).not.to.have.property("sha");
    expect(github.changes[2]?.body).to.include({ base: "main", head: "provider-lock" });
    expect(job.log()).to.equal("Opened https://github.example/pull/7\n");
  });

  it("brings the branch and the pull request of before up to date", async () => {
    committed("older checksums", "of-file");
    github.answers.set(`GET ${API}/git/ref/${encodeURIComponent("heads/provider-lock")}`, { object: {} });
    github.answers.set(`PATCH ${API}/git/refs/${encodeURIComponent("heads/provider-lock")}`, {});
    github.answers.set(`GET ${API}/pulls`, [{ html_url: "https://github.example/pull/3" }]);
    await job.run("propose-lock");
    expect(github.changes[0]?.body).to.deep.equal({ sha: "of-main", force: true });
    expect(github.changes[1]?.body).to.include({ sha: "of-file" });
    expect(requests()).to.have.lengthOf(2);
    expect(job.log()).to.equal("Updated https://github.example/pull/3\n");
  });

  it("says which command makes the file when there is none", async () => {
    rmSync(join(job.context.repository, PROVIDER_LOCK_PATH));
    expect(await complaintOf(job.run("propose-lock"))).to.include("npm run locks");
    expect(github.changes).to.be.empty;
  });

  it("does nothing when the default branch has it", async () => {
    committed("checksums", "of-file");
    await job.run("propose-lock");
    expect(github.changes).to.be.empty;
    expect(job.log()).to.equal("main has these checksums already\n");
  });
});
