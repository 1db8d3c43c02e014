import { createHash } from "node:crypto";
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { marshall } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import fc from "fast-check";
import { createOpsProgram } from "../../../ops/cli/program.ts";
import { hostileText, liveLine } from "../../checklist/hostile-text.ts";
import { serviceAction, tagsOf } from "../../handler/events.ts";
import { EVENTBRIDGE_ATTRIBUTES } from "../dead-letter-samples.ts";
import { dev, healthyDev, identityIn } from "../healthy-dev.ts";
import { type Answers, awsError } from "../recorded-aws.ts";
import { createTerminal, type Run, run } from "../run.ts";

/** Every command of the program, with what it takes to get far. */
const COMMANDS: Readonly<Record<string, string>> = {
  preflight: "dev",
  deploy: "dev --reason because --dry-run",
  release: "dev --reason because",
  verify: "dev",
  gate: "to-sit",
  monitor: "dev --minutes 1",
  status: "dev",
  invoke: "dev",
  rollback: "dev --reason because",
  "dlq count": "dev",
  "dlq peek": "dev",
  "dlq replay": "dev --apply",
  reconcile: "dev",
  "forget-future": "dev --tenant acme --reason because",
};

/** What AWS answers about dev, with a hostile text in all that others can name. */
const hostileDev = (text: string): Answers => {
  const answers: Answers = {
    ...healthyDev(),
    ScanCommand: () => ({
      Items: ["acme", "globex"].map((tenantId) =>
        marshall({
          tenant_id: `${tenantId}${text}`,
          status: `ACTIVE${text}`,
          service_arn: `arn${text}`,
          ...(tenantId === "acme" ? PINNED : { events: text }),
        }),
      ),
    }),
    GetItemCommand: () => ({ Item: marshall({ tenant_id: "acme", status: text, ...PINNED }) }),
    ListServicesCommand: () => ({ serviceArns: [`${text}arn`] }),
    DescribeServicesCommand: () => ({
      services: [{ serviceArn: `${text}arn`, status: text, tags: [{ key: "bbws:tenant-id", value: text }] }],
    }),
    ReceiveMessageCommand: receiveOnce(text),
    ChangeMessageVisibilityBatchCommand: () => ({ Successful: [], Failed: [] }),
    ...identityIn(dev.accountId),
  };
  return new Proxy(answers, {
    get: (known, command: string) => async (input: never) => {
      const answer = known[command];
      if (answer === undefined) throw awsError(`AccessDenied${text}`, `not allowed: ${text}`);
      return poison(await answer(input), text, "");
    },
  });
};

const PINNED = {
  ecs_status: "ACTIVE",
  events: { SERVICE_STEADY_STATE: { at: "2098-01-01T00:00:00Z", id: "forged" } },
};

const receiveOnce = (text: string): Answers[string] => {
  let received = false;
  return () => {
    if (received) return {};
    received = true;
    const event = serviceAction(`NAME${text}`, { id: `id${text}`, detail: { tags: tagsOf(text) } });
    return {
      Messages: [event, { detail: text }, text]
        .map((sent) => (typeof sent === "string" ? sent : JSON.stringify(sent)))
        .map((body, index) => ({
          MessageId: `${index}${text}`,
          ReceiptHandle: String(index),
          Body: body,
          MD5OfBody: createHash("md5").update(body).digest("hex"),
          MessageAttributes: Object.fromEntries(
            Object.entries(EVENTBRIDGE_ATTRIBUTES).map(([name, value]) => [
              name,
              { DataType: "String", StringValue: `${value}${text}` },
            ]),
          ),
        })),
    };
  };
};

/** What people and other programs write into AWS; what is AWS's own, such as a version's number, stays. */
const WRITTEN = new Set([
  "Description",
  "StateReason",
  "LastUpdateStatusReason",
  "AlarmName",
  "message",
  "Name",
  "Arn",
  "Status",
]);

const poison = (value: unknown, text: string, key: string): unknown => {
  if (typeof value === "string") return WRITTEN.has(key) ? value + text : value;
  if (Array.isArray(value)) return value.map((each) => poison(each, text, key));
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, poison(each, text, name)]));
};

describe("hostile text in what AWS says", () => {
  it("is tried in every command", () => {
    const leaves = (command: CommandUnknownOpts, before: string): string[] =>
      command.commands.length === 0
        ? [before]
        : command.commands.flatMap((each) => leaves(each, `${before} ${each.name()}`.trim()));
    const program = createOpsProgram({
      run: () => Promise.resolve(),
      writeHelp: () => undefined,
      writeComplaint: () => undefined,
    });
    expect(Object.keys(COMMANDS)).to.have.members(leaves(program, ""));
  });

  const options = (answers: Answers) => ({
    answers,
    startProgram: () => Promise.resolve(1),
  });
  const expectNothingLive = ({ stdout, stderr }: Run, what: string): void => {
    expect(liveLine(stdout), `stdout of ${what}`).to.be.undefined;
    expect(liveLine(stderr), `stderr of ${what}`).to.be.undefined;
  };

  for (const [command, args] of Object.entries(COMMANDS)) {
    it(`reaches no output of ${command} live`, async () => {
      let seen = 0;
      await fc.assert(
        fc.asyncProperty(hostileText(), async (text) => {
          for (const json of ["", " --json"]) {
            const ran = await run(`${command} ${args}${json}`, options(hostileDev(text)));
            expectNothingLive(ran, `${command}${json}`);
            if (json !== "") JSON.parse(ran.stdout);
            if (ran.stdout.includes("\\u")) seen++;
          }
        }),
        { numRuns: 10 },
      );
      // Else it would prove nothing: the text must have come through, by its code.
      expect(seen, "outputs that show the text").to.be.greaterThan(0);
    });

    it(`reaches no output of ${command} live when AWS fails with it`, async () => {
      await fc.assert(
        fc.asyncProperty(hostileText(), async (text) => {
          const failing = new Proxy<Answers>(
            {},
            {
              get: (_, name) => () => {
                if (name === "GetCallerIdentityCommand") return { Account: dev.accountId, Arn: text };
                throw awsError(`Trouble${text}`, text);
              },
            },
          );
          expectNothingLive(await run(`${command} ${args}`, options(failing)), command);
        }),
        { numRuns: 5 },
      );
    });
  }

  it("reaches no live list", async () => {
    for (const text of ["\u001b]52;c;eA==\u0007", "\u009b2J", "\u202e", "\n::add-mask::x"]) {
      const { stream, drawn } = createTerminal();
      await run("verify dev", { ...options(hostileDev(text)), terminal: { stdout: stream, stderr: stream } });
      expect(drawn()).to.not.include(text);
      expect(drawn()).to.include("\\u");
    }
  });

  it("is refused in a reason, and shown by its code in mistakes", async () => {
    await fc.assert(
      fc.asyncProperty(
        hostileText().filter((text) => liveLine(`>${text}`) !== undefined || text.includes("\n")),
        async (text) => {
          for (const argv of [
            ["rollback", "dev", "--reason", `a${text}b`],
            ["verify", `dev${text}`],
            [`x${text}`, "dev"],
            ["verify", "dev", `--x${text}`],
            ["gate", `to${text}`],
          ])
            for (const json of [[], ["--json"]]) {
              const ran = await run([...argv, ...json]);
              expect(ran.exitCode, JSON.stringify(argv)).to.equal(2);
              expectNothingLive(ran, JSON.stringify(argv));
            }
        },
      ),
      { numRuns: 20 },
    );
  });
});
