import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { systemClock } from "../../../checklist/clock.ts";
import { createTestTable, type TestTable } from "../../handler/dynamodb.ts";
import { deploymentStateChange, serviceAction, serviceArnOf, tagsOf } from "../../handler/events.ts";
import { destinationRecord, EVENTBRIDGE_ATTRIBUTES, LAMBDA_ATTRIBUTES } from "../dead-letter-samples.ts";
import { type LocalAws, ServiceError, startLocalAws } from "../local-aws.ts";
import { createLocalHandler } from "../local-handler.ts";
import { LocalQueue } from "../local-queue.ts";
import { createManualClock } from "../manual-clock.ts";
import { type Run, type RunOptions, run as runOps } from "../run.ts";

const at = (minute: number): string => `2026-03-01T10:0${minute}:00Z`;

/** The commands whole, over HTTP: a queue in memory, the handler's own parts and a real table behind the alias. */
describe("ops dlq", () => {
  let table: TestTable;
  let aws: LocalAws;
  let queue: LocalQueue;
  let folder: string;
  let invoked: { qualifier: string; id: unknown }[];
  /** Stands before the handler; may throw or wait. */
  let beforeHandler: (event: Record<string, unknown>) => Promise<void>;

  before(async () => {
    table = await createTestTable();
  });
  after(() => table.close());

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "dlq-"));
    await table.put({ tenant_id: "acme", status: "PENDING" });
    await table.put({ tenant_id: "globex", status: "PENDING" });
    queue = new LocalQueue();
    invoked = [];
    beforeHandler = () => Promise.resolve();
    const handler = createLocalHandler(table);
    aws = await startLocalAws({
      queue,
      handler: async (event, qualifier) => {
        const { id } = event as { id: unknown };
        invoked.push({ qualifier, id });
        await beforeHandler(event as Record<string, unknown>);
        return handler(event);
      },
    });
  });
  afterEach(async () => {
    await aws.close();
    await rm(folder, { recursive: true });
  });

  const run = (commandLine: string, options: RunOptions = {}): Promise<Run> =>
    runOps(commandLine, { createAws: aws.createAws, clock: systemClock, ...options });

  const globex = { resources: [serviceArnOf("globex")] };
  /** Five events in three forms, the last first, and poison among them. */
  const park = (): { poison: string; ids: string[] } => {
    const poison = queue.send("no event");
    const completed = deploymentStateChange("SERVICE_DEPLOYMENT_COMPLETED", "ecs-svc/1", {
      id: "e3",
      time: at(3),
    });
    const steady = serviceAction("SERVICE_STEADY_STATE", { id: "e5", time: at(5), ...globex });
    const started = deploymentStateChange("SERVICE_DEPLOYMENT_IN_PROGRESS", "ecs-svc/1", {
      id: "e1",
      time: at(1),
    });
    const impaired = serviceAction("SERVICE_TASK_START_IMPAIRED", { id: "e2", time: at(2), ...globex });
    const unheardOf = serviceAction("SERVICE_STEADY_STATE", {
      id: "e4",
      time: at(4),
      resources: [serviceArnOf("unheard-of")],
    });
    queue.send(completed, EVENTBRIDGE_ATTRIBUTES);
    queue.send(destinationRecord(steady));
    queue.send(started, LAMBDA_ATTRIBUTES);
    queue.send(destinationRecord(impaired));
    queue.send(unheardOf, EVENTBRIDGE_ATTRIBUTES);
    return { poison, ids: queue.ids };
  };

  const statusOf = async (tenant_id: string): Promise<unknown> =>
    (await table.get({ tenant_id }))?.["status"];
  const resultOf = ({ stdout }: Run): Record<string, unknown> =>
    (JSON.parse(stdout) as { result: Record<string, unknown> }).result;
  const auditOf = ({ stderr }: Run): Record<string, unknown>[] =>
    stderr
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  describe("count", () => {
    it("says how many messages wait and how many are in flight", async () => {
      park();
      await queue.act("ReceiveMessage", { MaxNumberOfMessages: 2, VisibilityTimeout: 30 });
      const counted = await run("dlq count dev --json");
      expect(counted.exitCode).to.equal(0);
      expect(resultOf(counted)).to.deep.equal({
        queue: "bbws-ecs-events-dlq-dev",
        waiting: 4,
        inFlight: 2,
      });
      expect((await run("dlq count dev")).stdout).to.match(/bbws-ecs-events-dlq-dev: 4 waiting, 2 in flight/);
    });

    it("says in one line that there is no queue", async () => {
      queue.act = () => Promise.reject(new ServiceError("QueueDoesNotExist", "no such queue"));
      const counted = await run("dlq count dev");
      expect(counted.exitCode).to.equal(1);
      expect(counted.stdout).to.match(
        /there is no queue bbws-ecs-events-dlq-dev\. Deploy the environment first: npm run ops -- deploy dev/,
      );
    });
  });

  describe("peek", () => {
    it("shows the messages by event time, poison last, and leaves all of them in the queue", async () => {
      const { poison } = park();
      const peeked = await run("dlq peek dev --json");
      expect(peeked.exitCode).to.equal(0);
      const messages = resultOf(peeked)["messages"] as Record<string, unknown>[];
      expect(messages.map(({ eventId }) => eventId)).to.deep.equal(["e1", "e2", "e3", "e4", "e5", undefined]);
      expect(messages[0]).to.include({
        kind: "retryable",
        event: "DEPLOYMENT_IN_PROGRESS",
        parkedBy: "Lambda DLQ",
        cause: "200: Task timed out",
        receiveCount: 1,
      });
      expect(messages[0]).not.to.have.property("payload");
      expect(messages[5]).to.include({ kind: "poison", messageId: poison });
      expect(queue.visible).to.equal(6);
    });

    it("shows so many as it is told to, and those that the filter takes", async () => {
      park();
      const one = await run("dlq peek dev --limit 1 --json");
      expect(resultOf(one)["messages"]).to.have.length(1);
      const more = "the queue was not read to its end: there may be more (--limit)";
      for (const command of [
        "peek dev --limit 1",
        "replay dev --limit 1",
        "discard dev --filter kind=retryable --limit 1",
      ])
        expect((await run(`dlq ${command}`)).stdout, command).to.include(more);
      expect((await run("dlq peek dev")).stdout).not.to.include(more);
      const filtered = await run("dlq peek dev --filter tenant=globex");
      expect(filtered.stdout)
        .to.match(/tenant-globex-wordpress/)
        .and.not.to.match(/tenant-acme-wordpress/);
      expect(queue.visible).to.equal(6);
    });

    it("says in a few words what is wrong with what is no event, and does not let it steer the terminal", async () => {
      queue.send({ nothing: "of an event" }, { ...EVENTBRIDGE_ATTRIBUTES, ERROR_MESSAGE: "\u001b[2Jgone" });
      const { stdout } = await run("dlq peek dev");
      expect(stdout).to.match(/POISON +the event must have required property 'version'.* and 6 more/);
      expect(stdout).to.include("NO_PERMISSIONS: \\u001b[2Jgone").and.not.to.include("\u001b");
    });

    it("counts to its limit only what the filter takes", async () => {
      park();
      const filtered = await run("dlq peek dev --filter tenant=globex --limit 2 --json");
      const messages = resultOf(filtered)["messages"] as Record<string, unknown>[];
      expect(messages.map(({ eventId }) => eventId)).to.deep.equal(["e2", "e5"]);
      expect(filtered.stdout).to.include("besides, 1 poison: --filter kind=poison");
      expect(queue.visible).to.equal(6);
    });

    it("shows a message whole, and saves it", async () => {
      const { poison } = park();
      const shown = await run(`dlq peek dev --filter kind=poison --body --save ${folder}`);
      expect(shown.stdout).to.include('"body": "no event"');
      expect(JSON.parse(await readFile(join(folder, `${poison}.json`), "utf8"))).to.include({
        messageId: poison,
        body: "no event",
      });
      expect(await readdir(folder)).to.deep.equal([`${poison}.json`]);
      const json = await run("dlq peek dev --filter kind=poison --body --json");
      expect((resultOf(json)["messages"] as object[])[0]).to.include({ body: "no event" });
    });

    it("groups by cause, without what differs from message to message", async () => {
      for (const id of ["0b1f6d5e-7c60-4b7e-8f5e-2f6d5d1c9a10", "1b1f6d5e-7c60-4b7e-8f5e-2f6d5d1c9a10"])
        queue.send("no event", { ...LAMBDA_ATTRIBUTES, ErrorMessage: `request ${id} timed out` });
      queue.send(serviceAction("SERVICE_STEADY_STATE"), EVENTBRIDGE_ATTRIBUTES);
      const peeked = await run("dlq peek dev --json");
      const groups = resultOf(peeked)["groups"] as object[];
      expect(groups).to.have.length(2);
      expect(groups[0]).to.include({
        kind: "poison",
        count: 2,
        because: "the body is not JSON (200: request … timed out)",
      });
    });

    it("says what another run holds, and is inconclusive", async () => {
      park();
      await queue.act("ReceiveMessage", { MaxNumberOfMessages: 4, VisibilityTimeout: 120 });
      for (const command of ["peek", "replay", "discard --filter kind=poison"]) {
        const [name = "", ...words] = command.split(" ");
        const done = await run(`dlq ${name} dev ${words.join(" ")}`);
        expect(done.exitCode, command).to.equal(3);
        expect(done.stdout).to.include(
          "4 in flight: another command reads them, or one that was killed did; try again within 2 min",
        );
      }
    });

    it("says that there is nothing", async () => {
      expect((await run("dlq peek dev")).stdout).to.match(/No messages/);
    });
  });

  describe("replay", () => {
    it("says what it would send, and does nothing, unless told to apply it", async () => {
      park();
      const dry = await run("dlq replay dev");
      expect(dry.exitCode).to.equal(0);
      expect(dry.stdout)
        .to.match(/5 would replay/)
        .and.match(/1 poison/)
        .and.match(/Add --apply/);
      expect(invoked).to.deep.equal([]);
      expect(queue.visible).to.equal(6);
    });

    it("sends every form to the alias, oldest first, and deletes what was answered; poison stays", async () => {
      const { poison } = park();
      const replayed = await run("dlq replay dev --apply --concurrency 1 --json");
      expect(replayed.exitCode).to.equal(0);
      expect(invoked).to.deep.equal(
        ["e1", "e2", "e3", "e4", "e5"].map((id) => ({ id, qualifier: "latest-dev" })),
      );
      expect(queue.ids).to.deep.equal([poison]);
      expect(queue.visible).to.equal(1);
      expect([await statusOf("acme"), await statusOf("globex")]).to.deep.equal(["ACTIVE", "ACTIVE"]);
      expect(resultOf(replayed)).to.deep.include({
        counts: { poison: 1, success: 4, ignored: 1 },
        deleted: 5,
        givenBack: 1,
        isPartial: false,
      });
    });

    /** What nobody but its sender vouches for: sent by hand, with tags of its own, and both. */
    const forge = (): { byHand: string; tagged: string; both: string } => {
      const steady = (id: string, further: object = {}) =>
        serviceAction("SERVICE_STEADY_STATE", { id, time: at(4), ...further });
      return {
        byHand: queue.send(steady("by-hand")),
        tagged: queue.send(
          destinationRecord(steady("tagged", { resources: [], detail: { tags: tagsOf("globex") } })),
        ),
        both: queue.send(
          serviceAction("SERVICE_DELETED", { id: "both", resources: [], detail: { tags: tagsOf("acme") } }),
        ),
      };
    };

    it("holds back what may be made up, and peek says which and why", async () => {
      park();
      const { byHand, tagged, both } = forge();
      const replayed = await run("dlq replay dev --apply --json");
      expect(replayed.exitCode).to.equal(0);
      expect(resultOf(replayed)).to.deep.include({
        counts: { poison: 1, "held back": 3, success: 4, ignored: 1 },
        givenBack: 4,
      });
      expect(queue.ids).to.include.members([byHand, tagged, both]);
      expect(invoked.map(({ id }) => id)).to.not.include.members(["by-hand", "tagged", "both"]);
      expect([await statusOf("acme"), await statusOf("globex")]).to.deep.equal(["ACTIVE", "ACTIVE"]);

      const peeked = resultOf(await run("dlq peek dev --json"))["messages"] as Record<string, string>[];
      const why = Object.fromEntries(peeked.map(({ messageId = "", suspicion }) => [messageId, suspicion]));
      expect(why[byHand]).to.equal("neither EventBridge nor Lambda parked it");
      expect(why[tagged]).to.equal("it names its tenant itself, which ECS's events do not");
      expect(why[both]).to.equal(`${why[byHand] ?? ""}; ${why[tagged] ?? ""}`);
      const { stdout } = await run("dlq replay dev");
      expect(stdout)
        .to.match(/3 held back/)
        .and.include("npm run ops -- dlq peek dev");
    });

    it("holds back what names its sender: the row and the log would say it", async () => {
      const named = queue.send(
        destinationRecord(
          serviceAction("SERVICE_STEADY_STATE", {
            id: "named",
            time: at(4),
            detail: { source: "operator kim" },
          }),
        ),
      );
      const replayed = await run("dlq replay dev --apply --json");
      expect(resultOf(replayed)).to.deep.include({ counts: { "held back": 1 } });
      expect(replayed.stdout).to.include("it names who sent it, which ECS's events do not");
      expect(queue.ids).to.deep.equal([named]);
    });

    it("sends what it is asked for by its message id, and nothing else", async () => {
      const { byHand, tagged, both } = forge();
      const replayed = await run(`dlq replay dev --apply --trust ${byHand} ${tagged} --json`);
      expect(replayed.exitCode).to.equal(0);
      expect(invoked.map(({ id }) => id)).to.have.members(["by-hand", "tagged"]);
      expect(queue.ids).to.deep.equal([both]);
      expect(resultOf(replayed)).to.deep.include({ counts: { "held back": 1, success: 2 } });
    });

    it("fails where a message that it is to trust is not there", async () => {
      park();
      const done = await run("dlq replay dev --apply --trust no-such");
      expect(done.exitCode).to.equal(1);
      expect(done.stdout).to.include("; not found: no-such\n");
    });

    it("sends an event of the future to a handler that refuses it, even when asked for by name", async () => {
      const forged = queue.send(
        serviceAction("SERVICE_DELETED", {
          time: "2098-01-01T00:00:00Z",
          resources: [],
          detail: { tags: tagsOf("acme") },
        }),
      );
      const replayed = await run(`dlq replay dev --apply --trust ${forged}`);
      expect(replayed.exitCode).to.equal(1);
      expect(replayed.stdout).to.include("more than 5 minutes ahead of the clock");
      expect(queue.ids).to.deep.equal([forged]);
      expect(await statusOf("acme")).to.equal("PENDING");
    });

    it("writes one line of record for each message", async () => {
      const { poison, ids } = park();
      const record = auditOf(await run("dlq replay dev --apply --concurrency 1"));
      expect(record.map(({ messageId }) => messageId)).to.have.members(ids);
      expect(record[0]).to.include({ messageId: poison, outcome: "poison", deleted: false });
      expect(record[1]).to.include({
        command: "dlq replay",
        environment: "dev",
        eventId: "e1",
        event: "DEPLOYMENT_IN_PROGRESS",
        service: "tenant-acme-wordpress",
        outcome: "success",
        deleted: true,
        detail: "success (acme PROVISIONING)",
      });
      expect(record[4]).to.include({
        service: "tenant-unheard-of-wordpress",
        outcome: "ignored",
        detail: "ignored (unknown_tenant)",
      });
    });

    it("keeps the messages when told to", async () => {
      park();
      const kept = await run("dlq replay dev --apply --keep --json");
      expect(kept.exitCode).to.equal(0);
      expect(invoked).to.have.length(5);
      expect(resultOf(kept)).to.deep.include({ deleted: 0, givenBack: 6 });
      expect(queue.visible).to.equal(6);
    });

    it("sends what the filter takes, and gives everything else back", async () => {
      park();
      const filtered = await run("dlq replay dev --apply --filter event=SERVICE_STEADY_STATE tenant=globex");
      expect(filtered.exitCode).to.equal(0);
      expect(invoked.map(({ id }) => id)).to.deep.equal(["e5"]);
      expect(filtered.stdout).to.match(
        /5 messages are back in the queue, 5 of them did not match the filter/,
      );
      expect(queue.visible).to.equal(5);
    });

    it("takes up no more than its limit, and says that there may be more", async () => {
      park();
      const limited = await run("dlq replay dev --apply --limit 2");
      expect(limited.stdout).to.match(/there may be more/);
      expect(invoked).to.have.length(2);
      expect(queue.visible).to.equal(4);
    });

    it("keeps what the function failed on, and goes on with the others", async () => {
      park();
      beforeHandler = ({ id }) =>
        id === "e3" ? Promise.reject(new RangeError("out of luck")) : Promise.resolve();
      const failed = await run("dlq replay dev --apply --concurrency 1 --json");
      expect(failed.exitCode).to.equal(1);
      expect(resultOf(failed)["counts"]).to.deep.equal({ poison: 1, success: 3, ignored: 1, failed: 1 });
      expect(auditOf(failed).find(({ eventId }) => eventId === "e3")).to.include({
        outcome: "failed",
        deleted: false,
        detail: "threw RangeError: out of luck",
      });
      expect(queue.visible).to.equal(2);
    });

    it("sets a service aside after its first failure, and goes on with the others", async () => {
      park();
      beforeHandler = ({ id }) =>
        id === "e1" ? Promise.reject(new RangeError("out of luck")) : Promise.resolve();
      const failed = await run("dlq replay dev --apply --max-failures 2 --json");
      expect(failed.exitCode).to.equal(1);
      expect(resultOf(failed)["counts"]).to.deep.equal({
        poison: 1,
        failed: 1,
        "set aside": 1,
        success: 2,
        ignored: 1,
      });
      expect(invoked.map(({ id }) => id)).to.have.members(["e1", "e2", "e4", "e5"]);
      expect(queue.visible).to.equal(3);
    });

    it("records who sent it and why", async () => {
      park();
      const [record] = auditOf(await run('dlq replay dev --apply --reason "the table is back"'));
      expect(record).to.include({
        by: "arn:aws:iam::536580886816:user/operator",
        reason: "the table is back",
      });
    });

    it("stops after so many failures, and gives the rest back", async () => {
      park();
      beforeHandler = () => Promise.reject(new Error("down"));
      const stopped = await run("dlq replay dev --apply --concurrency 1 --max-failures 2 --json");
      expect(stopped.exitCode).to.equal(1);
      expect(invoked).to.have.length(2);
      expect(resultOf(stopped)["counts"]).to.deep.equal({ poison: 1, failed: 2, unprocessed: 3 });
      expect(auditOf(stopped).at(-1)).to.include({ detail: "stopped after 2 failures" });
      expect(queue.visible).to.equal(6);
    });

    it("counts as failed what Lambda does not get as far as running", async () => {
      park();
      beforeHandler = () =>
        Promise.reject(new ServiceError("AccessDeniedException", "not authorized to InvokeFunction", 403));
      const denied = await run("dlq replay dev --apply --max-failures 1 --concurrency 1 --json");
      expect(denied.exitCode).to.equal(1);
      expect(auditOf(denied)[1]).to.include({
        outcome: "failed",
        detail: "access denied: not authorized to InvokeFunction",
      });
      expect(queue.visible).to.equal(6);
    });

    it("says so when an event was processed but its message could not be deleted", async () => {
      park();
      queue.beforeDelete = () => Promise.reject(new ServiceError("AccessDeniedException", "not yours"));
      const undeleted = await run("dlq replay dev --apply --filter event=SERVICE_TASK_START_IMPAIRED --json");
      expect(undeleted.exitCode).to.equal(1);
      expect(auditOf(undeleted).at(-1)).to.include({
        outcome: "failed",
        deleted: false,
        detail: "success (globex FAILED), but the message was not deleted: access denied: not yours",
      });
      expect(queue.visible).to.equal(6);
    });

    it("deletes by the last receipt handle what SQS delivered twice", async () => {
      park();
      let receptions = 0;
      queue.afterReceive = () => {
        if (++receptions === 1) queue.elapse(1000);
      };
      const replayed = await run("dlq replay dev --apply --json");
      expect(replayed.exitCode).to.equal(0);
      expect(invoked).to.have.length(5);
      expect(queue.ids).to.have.length(1);
    });

    it("on Ctrl-C finishes what is under way, gives the rest back and says what was done", async () => {
      park();
      const interruption = new AbortController();
      beforeHandler = ({ id }) => {
        if (id === "e2") interruption.abort();
        return Promise.resolve();
      };
      const interrupted = await run("dlq replay dev --apply --concurrency 1", {
        signal: interruption.signal,
      });
      expect(interrupted.exitCode).to.equal(3);
      expect(invoked.map(({ id }) => id)).to.deep.equal(["e1", "e2"]);
      expect(interrupted.stdout)
        .to.match(/2 success, 3 unprocessed/)
        .and.match(/4 messages are back in the queue/);
      expect(queue.visible).to.equal(4);
    });

    it("sends nothing when it is interrupted while reading", async () => {
      park();
      const interruption = new AbortController();
      queue.afterReceive = () => {
        interruption.abort();
      };
      const interrupted = await run("dlq replay dev --apply", { signal: interruption.signal });
      expect(interrupted.exitCode).to.equal(3);
      expect(invoked).to.deep.equal([]);
      expect(queue.visible).to.equal(6);
    });

    for (const options of ["--limit 0", "--concurrency x", "--max-failures 1.5", "--filter service=x"]) {
      it(`refuses ${options} as a mistake, and touches nothing`, async () => {
        park();
        const mistaken = await run(`dlq replay dev --apply ${options}`);
        expect(mistaken.exitCode).to.equal(2);
        expect(mistaken.stderr).to.match(/is invalid\. (It must be|There may be)/);
        expect(queue.visible).to.equal(6);
      });
    }
  });

  describe("discard", () => {
    it("only says what it would remove, unless told to apply it", async () => {
      const { poison } = park();
      const dry = await run("dlq discard dev --filter kind=poison");
      expect(dry.exitCode).to.equal(0);
      expect(dry.stdout).to.include("1 would discard").and.include(poison);
      expect(queue.visible).to.equal(6);
    });

    it("saves a message before it deletes it, and records who did it and why", async () => {
      const { poison } = park();
      const file = join(folder, "discarded.jsonl");
      let savedBefore = "";
      queue.beforeDelete = async () => {
        savedBefore = await readFile(file, "utf8");
      };
      const done = await run(`dlq discard dev --filter kind=poison --apply --reason "a test" --save ${file}`);
      expect(done.exitCode).to.equal(0);
      expect(JSON.parse(savedBefore)).to.include({ messageId: poison, body: "no event" });
      expect(queue.ids).to.have.length(5).and.not.to.include(poison);
      expect(auditOf(done)).to.have.length(1);
      expect(auditOf(done)[0]).to.include({
        by: "arn:aws:iam::536580886816:user/operator",
        reason: "a test",
        messageId: poison,
        outcome: "discarded",
        file,
      });
    });

    it("removes what it is given by its id, and says what is not there", async () => {
      const { ids } = park();
      const file = join(folder, "discarded.jsonl");
      const done = await run(
        `dlq discard dev --id ${ids[0] ?? ""} no-such --apply --reason forged --save ${file} --json`,
      );
      expect(done.exitCode).to.equal(1);
      expect(done.stdout).to.include("1 discarded, not found: no-such");
      expect(queue.ids).to.deep.equal(ids.slice(1));
    });

    it("deletes nothing when the file cannot be written", async () => {
      park();
      const done = await run(
        `dlq discard dev --filter kind=poison --apply --reason forged --save ${folder} --json`,
      );
      expect(done.exitCode).to.equal(1);
      expect(done.stdout).to.include("cannot be written").and.include("Choose another place with --save");
      expect(queue.visible).to.equal(6);
    });

    it("says what SQS did not delete", async () => {
      park();
      queue.beforeDelete = () => Promise.reject(new ServiceError("AccessDeniedException", "not yours"));
      const done = await run(
        `dlq discard dev --filter kind=poison --apply --reason forged --save ${join(folder, "f")} --json`,
      );
      expect(done.exitCode).to.equal(1);
      expect(done.stdout).to.include("1 failed").and.include("access denied: not yours");
      expect(queue.visible).to.equal(6);
    });

    for (const words of ["--apply --reason x", "--filter kind=poison --apply"])
      it(`refuses ${words}: what is deleted, and why, must be said`, async () => {
        park();
        expect((await run(`dlq discard dev ${words}`)).exitCode).to.equal(2);
        expect(queue.visible).to.equal(6);
      });
  });

  describe("while it works", () => {
    it("keeps its messages hidden for as long as it takes", async () => {
      park();
      const clock = createManualClock();
      beforeHandler = async ({ id }) => {
        if (id !== "e1") return;
        for (let beats = 0; beats < 5; beats++) {
          queue.elapse(100);
          await clock.endWait();
          expect(queue.visible, "visible to others").to.equal(0);
        }
      };
      const replayed = await run("dlq replay dev --apply --concurrency 1", { clock });
      expect(replayed.exitCode).to.equal(0);
      expect(queue.visible).to.equal(1);
    });

    it("fails when SQS can no longer be told that the messages are its own", async () => {
      park();
      const clock = createManualClock();
      const act = queue.act.bind(queue);
      beforeHandler = ({ id }) => {
        if (id === "e1") {
          queue.act = (action, input) => {
            if (action !== "ChangeMessageVisibilityBatch") return act(action, input);
            queue.act = act;
            return Promise.reject(new ServiceError("AccessDeniedException", "no longer yours"));
          };
          void clock.endWait();
        }
        return Promise.resolve();
      };
      const lost = await run("dlq replay dev --apply --concurrency 1", { clock });
      expect(lost.exitCode).to.equal(1);
      expect(lost.stdout).to.match(/access denied: no longer yours/);
      expect(queue.visible, "given back").to.equal(queue.ids.length);
    });
  });
});
