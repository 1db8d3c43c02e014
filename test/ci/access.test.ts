import { listEnvironments } from "../../envs/load.ts";
import { expect } from "chai";
import { loadEnvironments } from "../../envs/load.ts";
import { complaintOf, createJob, type TestJob } from "./job.ts";

describe("ci access", () => {
  let job: TestJob;
  beforeEach(() => {
    job = createJob();
  });
  afterEach(() => {
    job.remove();
  });

  it("gives a job that deploys the environment's role and region", async () => {
    await job.run("access", "prod", "deploy");
    expect(job.outputs()).to.equal(
      "role=arn:aws:iam::093646564004:role/bbws-github-actions-role-prod\nregion=af-south-1\n",
    );
  });

  it("gives a job that reads, and a pull request, a role of their own", async () => {
    for (const { environment, deployRole } of loadEnvironments())
      for (const purpose of ["read", "plan"]) {
        const fresh = createJob();
        await fresh.run("access", environment, purpose);
        expect(fresh.outputs()).to.include(`role/bbws-github-actions-${purpose}-role-${environment}\n`);
        expect(fresh.outputs()).not.to.include(`${deployRole}\n`);
        fresh.remove();
      }
  });

  it("refuses an environment that there is not", async () => {
    expect(await complaintOf(job.run("access", "qa", "plan"))).to.include(
      `Allowed choices are ${listEnvironments().join(", ")}`,
    );
    expect(job.outputs()).to.equal("");
  });
});
