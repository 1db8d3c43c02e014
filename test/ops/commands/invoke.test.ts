import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createTestTable, type TestTable } from "../../handler/dynamodb.ts";
import { serviceAction } from "../../handler/events.ts";
import { handlerAnswered, handlerThrew } from "../function-answers.ts";
import { healthyDev, identityIn } from "../healthy-dev.ts";
import { createLocalHandler } from "../local-handler.ts";
import type { Answers } from "../recorded-aws.ts";
import { lineOf, reportOf } from "../report-of.ts";
import { run } from "../run.ts";

describe("ops invoke", () => {
  let table: TestTable;
  let answers: Answers;
  before(async () => {
    table = await createTestTable();
    const handler = createLocalHandler(table);
    answers = {
      ...healthyDev(),
      InvokeCommand: async ({ Payload }: { Payload: Buffer }) =>
        handlerAnswered(await handler(JSON.parse(Payload.toString()))),
    };
  });
  after(() => table.close());

  it("sends the alias the test event and shows its answer", async () => {
    const { exitCode, stdout, aws } = await run("invoke dev", { answers });
    expect(exitCode).to.equal(0);
    expect(stdout).to.include("Answer of latest-dev: ignored (unknown_tenant)");
    expect(stdout).to.include('"reason": "unknown_tenant"');
    expect(aws.callsOf("InvokeCommand")[0]).to.include({
      FunctionName: "bbws-ecs-event-handler-dev",
      Qualifier: "latest-dev",
      InvocationType: "RequestResponse",
    });
  });

  it("sends an event from the standard input, which then counts", async () => {
    await table.put({ tenant_id: "acme", status: "PENDING" });
    const event = serviceAction("SERVICE_STEADY_STATE");
    const done = await run('invoke dev --event - --reason "it was lost" --json', {
      answers,
      input: JSON.stringify(event),
    });
    expect(done.exitCode).to.equal(0);
    expect(reportOf(done).result).to.deep.equal({
      event: { ...event, detail: { ...(event["detail"] as object), source: "operator jo" } },
      kind: "answered",
      answer: {
        status: "success",
        tenantId: "acme",
        event: "SERVICE_STEADY_STATE",
        tenantStatus: "ACTIVE",
        previousStatus: "PENDING",
        changed: true,
      },
    });
    expect(await table.get({ tenant_id: "acme" }))
      .to.include({ status: "ACTIVE" })
      .and.have.nested.property("last_event.source", "operator jo");
    expect(JSON.parse(done.stderr)).to.deep.include({
      message: "Event sent by hand",
      by: "arn:aws:sts::536580886816:assumed-role/operator/jo",
      reason: "it was lost",
      eventId: event["id"],
      answer: "success (acme ACTIVE)",
    });
  });

  it("sends an event from a file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "invoke-"));
    try {
      const file = join(folder, "event.json");
      await writeFile(file, JSON.stringify(serviceAction("TASKS_STOPPED")));
      const done = await run(["invoke", "dev", "--event", file, "--json"], { answers });
      expect(lineOf(done, "Answer of latest-dev")).to.match(/found ignored \(unmapped_event\)$/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("only says what it would send in a dry run", async () => {
    const done = await run("invoke dev --event - --dry-run --json", { answers, input: '{"id":"e1"}' });
    expect(done.exitCode).to.equal(0);
    expect(lineOf(done, "Answer of latest-dev")).to.equal('skip: would send {"id":"e1"}');
    expect(done.aws.callsOf("InvokeCommand")).to.deep.equal([]);
    expect(reportOf(done)).not.to.have.property("result");
  });

  it("fails when the function throws, and shows what", async () => {
    const threw = {
      answers: {
        ...answers,
        InvokeCommand: () => handlerThrew("InvalidEventError", "Not a valid ECS event"),
      },
      input: "{}",
    };
    const done = await run("invoke dev --event -", threw);
    expect(done.exitCode).to.equal(1);
    expect(done.stdout).to.match(/FAIL .* found threw InvalidEventError: Not a valid ECS event/);
    expect(reportOf(await run("invoke dev --event - --json", threw)).result).to.deep.equal({
      event: {},
      kind: "threw",
      error: { errorType: "InvalidEventError", errorMessage: "Not a valid ECS event" },
    });
  });

  it("sends nothing to another account", async () => {
    const done = await run("invoke dev", { answers: { ...answers, ...identityIn("1") } });
    expect(done.exitCode).to.equal(1);
    expect(done.aws.callsOf("InvokeCommand")).to.deep.equal([]);
  });

  it("takes what is not JSON, and a file that is not there, for a mistake", async () => {
    const noJson = await run("invoke dev --event -", { input: "event: steady" });
    expect(noJson.exitCode).to.equal(2);
    expect(noJson.stderr).to.match(/^the standard input is not JSON: .*\n$/);
    const noFile = await run("invoke dev --event no/such/file.json");
    expect(noFile.exitCode).to.equal(2);
    expect(noFile.stderr).to.match(/^no\/such\/file.json cannot be read: ENOENT.*\n$/);
  });
});
