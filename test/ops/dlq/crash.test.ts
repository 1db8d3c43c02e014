import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { VISIBILITY_SECONDS } from "../../../ops/dlq/held-messages.ts";
import { bundledProgram } from "../../bundled-program.ts";
import { createTestTable, type TestTable } from "../../handler/dynamodb.ts";
import { deploymentStateChange, serviceAction, serviceArnOf } from "../../handler/events.ts";
import { destinationRecord } from "../dead-letter-samples.ts";
import { ServiceError, startLocalAws } from "../local-aws.ts";
import { createLocalHandler } from "../local-handler.ts";
import { LocalQueue } from "../local-queue.ts";

const REPOSITORY = fileURLToPath(new URL("../../..", import.meta.url));
const TENANTS = ["acme", "globex", "initech"];

/** What the tenants' services went through; one deployment fails and is rolled back. */
const history = (): Record<string, unknown>[] =>
  TENANTS.flatMap((tenant, index) => {
    const of = (minute: number) => ({
      id: `${tenant}-${minute}`,
      time: `2026-03-01T10:0${minute}:0${index}Z`,
      resources: [serviceArnOf(tenant)],
    });
    const rollingBack = { reason: "rolling back to deploymentId ecs-svc/1." };
    return [
      deploymentStateChange("SERVICE_DEPLOYMENT_IN_PROGRESS", "ecs-svc/1", of(1)),
      deploymentStateChange("SERVICE_DEPLOYMENT_COMPLETED", "ecs-svc/1", of(2)),
      serviceAction("SERVICE_STEADY_STATE", of(3)),
      ...(tenant === "globex"
        ? [
            deploymentStateChange("SERVICE_DEPLOYMENT_IN_PROGRESS", "ecs-svc/2", of(4)),
            deploymentStateChange("SERVICE_DEPLOYMENT_IN_PROGRESS", "ecs-svc/1", {
              ...of(5),
              detail: rollingBack,
            }),
            deploymentStateChange("SERVICE_DEPLOYMENT_FAILED", "ecs-svc/2", of(6)),
          ]
        : []),
    ];
  });

type Program = ChildProcessByStdio<null, Readable, Readable>;

type Moment = "before the handler runs" | "after the handler ran" | "before the message is deleted";

/** The real program in a process of its own, killed as only a process can be. */
describe("a crash in the middle of ops dlq replay", function () {
  // Each test starts the program twice.
  this.timeout(180_000);
  let table: TestTable;
  let clean: unknown[];
  let ops: string;
  before(async () => {
    ops = await bundledProgram("ops/main.ts");
    table = await createTestTable();
    clean = await replayAll();
  });
  after(() => table.close());

  const replay = (endpoint: string): Program =>
    spawn(process.execPath, [ops, "dlq", "replay", "dev", "--apply", "--concurrency", "2", "--json"], {
      cwd: REPOSITORY,
      env: { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
      stdio: ["ignore", "pipe", "pipe"],
    });

  /** Replays everything, crashing once when the given event is at the given moment; the rows that come of it. */
  const replayAll = async (crash?: {
    readonly event: string;
    readonly moment: Moment;
  }): Promise<unknown[]> => {
    for (const tenant_id of TENANTS) await table.put({ tenant_id, status: "PENDING" });
    const queue = new LocalQueue();
    for (const event of history()) queue.send(destinationRecord(event));
    const handler = createLocalHandler(table);
    let program: Program | undefined;
    let crashed: Promise<unknown> | undefined;
    /** Kills the program when it is time, and says whether it was. */
    const reach = async (moment: Moment, content: string): Promise<boolean> => {
      if (crash?.moment !== moment || crashed !== undefined || !content.includes(`"${crash.event}"`))
        return false;
      if (program === undefined) throw new Error("no program runs");
      crashed = once(program, "exit");
      program.kill("SIGKILL");
      await crashed;
      return true;
    };
    queue.beforeDelete = async (body) => {
      if (await reach("before the message is deleted", body))
        throw new ServiceError("InternalError", "the request never came", 500);
    };
    const aws = await startLocalAws({
      queue,
      handler: async (event) => {
        await reach("before the handler runs", JSON.stringify(event));
        const answer = await handler(event);
        await reach("after the handler ran", JSON.stringify(event));
        return answer;
      },
    });
    try {
      if (crash !== undefined) {
        program = replay(aws.endpoint);
        await once(program, "exit");
        expect(program.signalCode).to.equal("SIGKILL");
        expect(queue.ids, "messages left by the crash").not.to.be.empty;
        queue.elapse(VISIBILITY_SECONDS);
      }
      program = replay(aws.endpoint);
      const [, errors] = await Promise.all([
        text(program.stdout),
        text(program.stderr),
        once(program, "exit"),
      ]);
      expect(program.exitCode, errors).to.equal(0);
      expect(queue.ids, "messages left").to.be.empty;
    } finally {
      await aws.close();
    }
    return Promise.all(
      TENANTS.map(async (tenant_id) => {
        // When a row was written is all that may differ.
        const { updated_at, ...row } = (await table.get({ tenant_id })) ?? {};
        expect(updated_at).to.be.a("string");
        return row;
      }),
    );
  };

  it("is compared with a clean run, which brings every tenant to where it belongs", () => {
    expect(clean.map((row) => (row as { status: unknown }).status)).to.deep.equal([
      "ACTIVE",
      "ROLLING_BACK",
      "ACTIVE",
    ]);
  });

  for (const moment of [
    "before the handler runs",
    "after the handler ran",
    "before the message is deleted",
  ] as const) {
    it(`${moment} loses nothing and harms nothing: run again, the rows are those of the clean run`, async () => {
      expect(await replayAll({ event: "globex-4", moment })).to.deep.equal(clean);
    });
  }
});
