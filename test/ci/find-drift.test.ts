import { expect } from "chai";
import { zipSync } from "fflate";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { codeSha256 } from "../../build/code-sha256.ts";
import { driftFolder } from "../../ci/drift/drift-report.ts";
import { type LocalAws, startLocalAws } from "../ops/local-aws.ts";
import { LocalEcs } from "../ops/local-ecs.ts";
import { awsError, recordedAws } from "../ops/recorded-aws.ts";
import { complaintOf, createJob, type TestJob } from "./job.ts";
import { linkedRepository } from "../linked-repository.ts";
import { type RecordedTerraform, recordedTerraform } from "./terraform.ts";

describe("ci drift", () => {
  const repository = linkedRepository();
  const reportFile = join(driftFolder(repository), "dev.json");
  const zip = zipSync({ "index.js": Buffer.from("exports.handler = async () => {};") });
  const jobs: TestJob[] = [];
  let terraform: RecordedTerraform;
  let lambdasBucket: Server;
  let location: string;
  let aws: LocalAws;

  before(async () => {
    terraform = recordedTerraform();
    const ecs = new LocalEcs();
    ecs.add({ name: "tenant-acme-wordpress", tenantId: "acme" });
    aws = await startLocalAws({ ecs: (action, input) => ecs.answer(action, input) });
    lambdasBucket = createServer((_, response) => response.end(zip));
    lambdasBucket.listen(0, "127.0.0.1");
    await once(lambdasBucket, "listening");
    location = `http://127.0.0.1:${(lambdasBucket.address() as AddressInfo).port}/zip`;
  });
  beforeEach(() => {
    rmSync(reportFile, { force: true });
  });
  after(async () => {
    await aws.close();
    terraform.remove();
    lambdasBucket.close();
    for (const job of jobs) job.remove();
    rmSync(repository, { recursive: true });
  });

  /** A tenant whose service is at rest, and whose row has this status. */
  const start = (status: string, scan: () => object = () => ({}), deployed = true): TestJob => {
    const recorded = recordedAws({
      GetFunctionConfigurationCommand: () => {
        if (!deployed) throw awsError("ResourceNotFoundException", "Function not found");
        return {};
      },
      GetFunctionCommand: () => ({
        Configuration: { CodeSha256: codeSha256(zip), Version: "$LATEST" },
        Code: { Location: location },
      }),
      ScanCommand: () => ({ Items: [{ tenant_id: { S: "acme" }, status: { S: status } }], ...scan() }),
    });
    const job = createJob({
      variables: terraform.variables,
      repository,
      createAws: (region) => {
        const { ecs: localEcs, sts } = aws.createAws(region);
        return { ...recorded.createAws(region), ecs: localEcs, sts };
      },
    });
    jobs.push(job);
    return { ...job, aws: recorded };
  };
  const reported = (): unknown => JSON.parse(readFileSync(reportFile, "utf8"));

  it("finds none when the plan is empty and every row agrees", async () => {
    terraform.show("none");
    const job = start("ACTIVE");
    await job.run("drift", "dev");
    expect(reported()).to.include({ environment: "dev", drifted: false });
    expect(job.summary()).to.include("Tenants: 0 of 1 disagree");
    expect(job.aws.callsOf("GetFunctionCommand")[0]).to.include({ Qualifier: "$LATEST" });
  });

  it("finds what differs from the code, and the rows that differ from ECS", async () => {
    terraform.show("mixed");
    const job = start("FAILED");
    await job.run("drift", "dev");
    expect(reported()).to.include({ drifted: true });
    expect(job.summary())
      .to.include("1 to destroy")
      .and.match(/\| `acme` \| `FAILED` \| `ACTIVE` \|/);
    expect(job.aws.callsOf("InvokeCommand"), "repairs").to.be.empty;
  });

  it("finds none, and says why, in an environment that is not deployed yet", async () => {
    const job = start("ACTIVE", () => ({}), false);
    await job.run("drift", "dev");
    expect(reported()).to.include({ environment: "dev", drifted: false });
    expect(job.summary()).to.include("Not deployed yet");
  });

  it("says nothing, rather than that there is none, when the rows cannot be read", async () => {
    terraform.show("none");
    const job = start("ACTIVE", () => {
      throw awsError("AccessDeniedException", "not authorized to perform dynamodb:Scan");
    });
    expect(await complaintOf(job.run("drift", "dev"))).to.match(
      /could not compare the rows \(exit code 1\)\. Its lines above say why\. Try it by hand: npm run ops -- reconcile dev$/,
    );
    expect(existsSync(reportFile)).to.be.false;
  });
});
