import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { bundleLentTable } from "../../local/lent-table-bundle.ts";
import { makeOwnFolder } from "../own-folder.ts";
import { builtFunction } from "../build/built-function.ts";
import { bundledProgram } from "../bundled-program.ts";
import { findBreaks } from "../checklist/broken-words.ts";
import { CTRL_C, itOnTerminal, startOnTerminal } from "../terminal.ts";
import { findStartLineViolations } from "../ops/json-schemas.ts";
import { withoutWarnings } from "../without-warnings.ts";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const SAMPLE = join(REPOSITORY, "local/sample-events.ndjson");

/** What this shell may have set, and the command heeds. */
const UNSET = { NO_COLOR: undefined, FORCE_COLOR: undefined, npm_lifecycle_event: undefined };

interface PrintedLine {
  readonly type: string;
  readonly [property: string]: unknown;
}

/** Has the program say on its standard error when it hears signals, of which the last is SIGHUP. */
const SAYS_WHEN_IT_HEARS = `--import ${JSON.stringify(
  `data:text/javascript,${encodeURIComponent(
    'process.on("newListener", (name) => { if (name === "SIGHUP") process.nextTick(() => process.stderr.write("hears")); });',
  )}`,
)}`;

describe("npm start", () => {
  let folder: string;
  let program: string;
  /** It builds the package and the table itself, as the command does; `program` has those of the same sources, which are built already. */
  let building: string;
  before(async () => {
    building = await bundledProgram("local/main.ts");
    const { taskRoot, zip, codeSha256 } = await builtFunction();
    const lentTable = await bundleLentTable(makeOwnFolder(tmpdir(), "lent-table-"));
    program = await bundledProgram("local/main.ts", {
      "local/lent-table-bundle.ts": `export const bundleLentTable = async () => ${JSON.stringify(lentTable)};`,
      "local/function-package.ts": `export const unpackFunctionPackage = async () => (${JSON.stringify({ taskRoot, zipBytes: zip.length, codeSha256 })});`,
    });
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "main-test-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const start = (
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    command = program,
  ): ChildProcessWithoutNullStreams =>
    spawn(process.execPath, [command, ...args], {
      cwd: REPOSITORY,
      // eslint-disable-next-line no-restricted-syntax -- the command runs as it would from this shell
      env: { ...process.env, ...UNSET, TMPDIR: folder, ...env },
    });

  /** Runs the command to its end; the end of its output is also that of every process it started. */
  const run = async (
    args: readonly string[],
    {
      input = "",
      env = {},
      from = program,
    }: { input?: string; env?: Readonly<Record<string, string>>; from?: string } = {},
  ): Promise<{ code: unknown; stdout: string; stderr: string }> => {
    const command = start(args, env, from);
    command.stdin.end(input);
    const [stdout, stderr, [code]] = await Promise.all([
      text(command.stdout),
      text(command.stderr),
      once(command, "close") as Promise<unknown[]>,
    ]);
    if (args.includes("--json")) expectSchema(linesOf(stdout));
    return { code, stdout, stderr: withoutWarnings(stderr) };
  };

  const expectSchema = (lines: readonly object[]): void => {
    for (const line of lines) expect(findStartLineViolations(line), JSON.stringify(line)).to.equal(undefined);
  };

  const linesOf = (stdout: string): PrintedLine[] =>
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as PrintedLine);

  /** The tenants' rows, without what tells how often and when they were written. */
  const tenantsOf = (stdout: string): unknown[] =>
    linesOf(stdout)
      .filter(({ type }) => type === "tenant")
      .map((row) => ({ ...row, updated_at: undefined, revision: undefined }));

  const leftovers = async (): Promise<string[]> =>
    (await readdir(folder)).filter((name) => name.startsWith("ecs-tenant-event-handler-"));

  it("tells the story of the sample", async () => {
    const { code, stdout, stderr } = await run([], { from: building });
    expect(stderr).to.equal("");
    expect(code).to.equal(0);
    expect(stdout).to.not.include("\u001B");
    for (const line of [
      /acme +DEPLOYMENT_IN_PROGRESS +\(none\) → PROVISIONING\n/,
      /acme +SERVICE_DESIRED_COUNT_UPDATED +ACTIVE → SCALING\n/,
      /acme +SERVICE_STEADY_STATE +ignored: duplicate\n/,
      /acme +CAPACITY_PROVIDER_STEADY_STATE +ignored: unmapped_event\n/,
      /bluebird +DEPLOYMENT_ROLLBACK_STARTED +PROVISIONING → ROLLING_BACK\n/,
      /bluebird +DEPLOYMENT_FAILED +stays ROLLING_BACK\n/,
      /bluebird +DEPLOYMENT_ROLLBACK_COMPLETED +ROLLING_BACK → ACTIVE\n/,
      /dune +SERVICE_DELETED +ACTIVE → DEPROVISIONED\n.*\n.*\n.*dune +SERVICE_STEADY_STATE +stays DEPROVISIONED\n/,
      /cedar +SERVICE_TASK_START_IMPAIRED +ACTIVE → FAILED\n/,
      /\nTENANT .*\nacme +ACTIVE .*\nbluebird +ACTIVE .*\ncedar +FAILED .*\ndune +DEPROVISIONED .*\n\n/,
      /\n19 events: 17 applied, 2 ignored \(duplicate 1, unmapped_event 1\), 0 failed\n/,
    ]) {
      expect(stdout).to.match(line);
    }
    expect(await leftovers()).to.deep.equal([]);
  });

  it("writes nothing but JSON with --json, and the function's log to standard error with --verbose", async () => {
    const { code, stdout, stderr } = await run(["--json", "--verbose"]);
    expect(code).to.equal(0);
    const lines = linesOf(stdout);
    const sample = linesOf(await readFile(SAMPLE, "utf8"));
    expect(lines.slice(0, -5).map(({ type, id }) => [type, id])).to.deep.equal(
      sample.map(({ id }) => ["event", id]),
    );
    expect(lines.slice(-5, -1).map(({ type, tenant_id: id, status }) => [type, id, status])).to.deep.equal([
      ["tenant", "acme", "ACTIVE"],
      ["tenant", "bluebird", "ACTIVE"],
      ["tenant", "cedar", "FAILED"],
      ["tenant", "dune", "DEPROVISIONED"],
    ]);
    expect(lines.at(-1)).to.deep.equal({
      type: "summary",
      events: 19,
      applied: 17,
      ignored: { duplicate: 1, unmapped_event: 1 },
      failed: 0,
      read: { "EventBridge event": 19 },
      others: 0,
      notUnderstood: 0,
      stopped: false,
    });
    expect(lines[0]).to.deep.equal({
      type: "event",
      id: sample[0]?.["id"],
      status: "success",
      tenantId: "acme",
      event: "DEPLOYMENT_IN_PROGRESS",
      tenantStatus: "PROVISIONING",
      changed: true,
    });
    expect(linesOf(stderr).map(({ eventId }) => eventId)).to.deep.equal(sample.map(({ id }) => id));
  });

  it("ends in the same rows when the sample comes twice and in another order", async () => {
    const lines = (await readFile(SAMPLE, "utf8")).trimEnd().split("\n");
    const shuffled = [...lines, ...lines]
      .map((line, index) => ({ line, place: (index * 17 + 5) % (2 * lines.length) }))
      .sort((a, b) => a.place - b.place)
      .map(({ line }) => line);
    expect(new Set(shuffled.slice(0, 5)), "another order").to.not.deep.equal(new Set(lines.slice(0, 5)));
    const [inOrder, mixed] = await Promise.all([
      run(["--json"]),
      run(["--json", "--events", "-"], { input: shuffled.join("\n") }),
    ]);
    expect(tenantsOf(mixed.stdout)).to.deep.equal(tenantsOf(inOrder.stdout));
    expect(tenantsOf(mixed.stdout)).to.have.lengthOf(4);
  });

  it("names the first malformed line, plays the rest, and exits with 1", async () => {
    const [first = ""] = (await readFile(SAMPLE, "utf8")).split("\n");
    const file = join(folder, "events.ndjson");
    await writeFile(file, `${first}\r\nnot json\r\n{"id":"x","detail-type":"x"}\r\nnor this\r\n`);
    const { code, stdout, stderr } = await run(["--events", file, "--json"]);
    expect(stderr).to.equal("");
    expect(code).to.equal(1);
    const [applied, malformed, invalid, ...rest] = linesOf(stdout);
    expect(applied).to.include({ type: "event", status: "success" });
    expect(malformed).to.include({ type: "event", id: null, line: 2, status: "failed" });
    expect(malformed)
      .to.have.nested.property("error.message")
      .that.matches(/^line 2 is not JSON: /);
    expect(invalid).to.include({ type: "event", id: "x", line: 3, status: "failed" });
    expect(invalid).to.have.nested.property("error.name", "InvalidEventError");
    expect(rest.map(({ type }) => type)).to.deep.equal(["tenant", "summary"]);
    expect(rest.at(-1)).to.include({ events: 3, failed: 2, notUnderstood: 2, stopped: false });
  });

  it("plays what an operator has, and says what it was", async () => {
    const events = (await readFile(SAMPLE, "utf8")).trimEnd().split("\n");
    const messages = { Messages: events.map((Body, index) => ({ MessageId: `${index}`, Body })) };
    const file = join(folder, "messages.json.gz");
    await writeFile(
      file,
      gzipSync(Buffer.from(`\ufeff${JSON.stringify(messages, undefined, 2)}`, "utf16le")),
    );
    const [own, theirs] = await Promise.all([run([]), run(["--events", file])]);
    expect(theirs.stderr).to.equal("");
    expect(theirs.code).to.equal(0);
    expect(theirs.stdout).to.include("Read: 19 × EventBridge event in SQS message\n");
    const table = /\nTENANT [^]*0 failed\n/;
    expect(table.exec(theirs.stdout)?.[0]).to.equal(table.exec(own.stdout)?.[0]);
  });

  it("says that there is nothing to play, and exits with 2", async () => {
    const [nothing, noEvent] = await Promise.all([
      run(["--events", "-"]),
      run(["--events", "-"], { input: "one\ntwo\n" }),
    ]);
    expect(nothing).to.deep.include({ code: 2, stdout: "" });
    expect(nothing.stderr).to.match(
      /^There is nothing in standard input\. What can be played: EventBridge events, .*\n$/,
    );
    expect(noEvent).to.deep.include({ code: 2, stdout: "" });
    expect(noEvent.stderr).to.match(
      /^There is no event in standard input: line 1 is not JSON: .*\. What can be played: EventBridge events, [^:]*CSV[^:]*\n$/,
    );
  });

  it("says in one sentence what is wrong with its options and files, and exits with 2", async () => {
    const file = join(folder, "tenants.json");
    await writeFile(file, '[{"tenant_id":7}]');
    const [option, optionInJson, missing, tenants] = await Promise.all([
      run(["--nope"]),
      run(["--nope", "--json"]),
      run(["--events", join(folder, "nope"), "--json"]),
      run(["--tenants", file]),
    ]);
    expect(option).to.deep.equal({
      code: 2,
      stdout: "",
      stderr: "Unknown option '--nope'. See: npm start -- --help\n",
    });
    expect(optionInJson).to.include({ code: 2, stderr: "" });
    expect(linesOf(optionInJson.stdout)).to.deep.equal([
      { type: "mistake", message: "Unknown option '--nope'", hint: "See", next: "npm start -- --help" },
    ]);
    expect(missing).to.include({ code: 2, stderr: "" });
    expect(linesOf(missing.stdout)).to.deep.equal([
      { type: "mistake", message: `Cannot read ${join(folder, "nope")}: there is no such file` },
    ]);
    expect(tenants).to.deep.equal({
      code: 2,
      stdout: "",
      stderr: `${file}: element 1: tenant_id must be a string\n`,
    });
  });

  it("prints no line with --json that its schema in docs/schemas does not name", async () => {
    const lines = linesOf((await run(["--json", "--timings"])).stdout);
    expect(new Set(lines.map(({ type }) => type))).to.deep.equal(
      new Set(["event", "tenant", "summary", "timings"]),
    );
    for (const line of lines.filter(({ type }) => type !== "tenant"))
      expect(findStartLineViolations({ ...line, more: 1 }), line.type).to.include("additional properties");
    expect(findStartLineViolations({ type: "tenant" })).to.include("required property 'tenant_id'");
  });

  it("explains itself with --help", async () => {
    const { code, stdout } = await run(["--help"]);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^Usage: npm start -- [^]*Plays ECS events[^]*Options:[^]*Examples:/);
  });

  for (const columns of [60, 40])
    itOnTerminal(
      `breaks no word of --help, or of a mistake, in a terminal of ${columns} columns`,
      async () => {
        for (const args of [["--help"], ["--cluster", "nope"]]) {
          const wide = await run(args);
          const terminal = startOnTerminal(
            ["sh", "-c", `stty cols ${columns} && exec "$@"`, "sh", process.execPath, program, ...args],
            { TMPDIR: folder },
          );
          const shown = (await terminal.ended).shown.replaceAll("\r", "");
          expect(shown.split("\n").length, "lines").to.be.above(3);
          expect(findBreaks(shown, `${wide.stdout} ${wide.stderr}`, columns)).to.deep.equal({
            tooWide: [],
            brokenWords: [],
          });
        }
      },
    );

  it("takes file names from where npm was called", async () => {
    await writeFile(join(folder, "none.ndjson"), "");
    const { stderr } = await run(["--events", "none.ndjson"], {
      env: { npm_lifecycle_event: "start", INIT_CWD: folder },
    });
    expect(stderr).to.include(`There is nothing in ${join(folder, "none.ndjson")}.`);
  });

  it("heeds no AWS settings of the person at the machine", async () => {
    await mkdir(join(folder, ".aws"));
    const settings =
      "[profile theirs]\nuse_fips_endpoint = true\nregion = us-gov-west-1\nretry_mode = strange\n";
    await writeFile(join(folder, ".aws/config"), settings.replace("profile theirs", "default") + settings);
    const own = { HOME: folder, AWS_PROFILE: "theirs" };
    for (const env of [
      own,
      { ...own, AWS_USE_FIPS_ENDPOINT: "true", AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_REGION: "x" },
    ]) {
      const { code, stdout, stderr } = await run(["--json"], { env });
      expect(stderr).to.equal("");
      expect(code).to.equal(0);
      expect(tenantsOf(stdout)).to.have.lengthOf(4);
    }
  });

  it("refuses a line of 300 MB without holding it", async () => {
    const command = start(["--events", "-", "--json"]);
    const [stdout, stderr] = [text(command.stdout), text(command.stderr)];
    const closed = once(command, "close");
    // What it no longer reads is not written.
    command.stdin.on("error", () => undefined);
    const megabyte = "x".repeat(1e6);
    let written = 0;
    for (; written < 300 && command.exitCode === null && !command.stdin.destroyed; written++)
      if (!command.stdin.write(megabyte))
        await Promise.race([once(command.stdin, "drain").catch(() => undefined), closed]);
    command.stdin.end();
    expect(await closed).to.deep.equal([2, null]);
    expect(withoutWarnings(await stderr)).to.equal("");
    expect(linesOf(await stdout)).to.deep.equal([
      {
        type: "mistake",
        message: "Line 1 is longer than 64 million characters",
        hint: "Write one event a line",
      },
    ]);
    expect(written).to.be.lessThan(100);
  });

  it("colours with FORCE_COLOR, and not with NO_COLOR", async () => {
    const [forced, forbidden] = await Promise.all([
      run([], { env: { FORCE_COLOR: "1" } }),
      run([], { env: { NO_COLOR: "1" } }),
    ]);
    expect(forced.stdout).to.include("\u001B[32mACTIVE\u001B[39m");
    expect(forbidden.stdout).to.not.include("\u001B");
  });

  it("plays events as they come in; interrupted, it gives the totals and cleans up", async () => {
    const [first = ""] = (await readFile(SAMPLE, "utf8")).split("\n");
    const command = start(["--events", "-", "--json"]);
    const stderr = text(command.stderr);
    const closed = once(command, "close");
    command.stdin.write(`${first}\n`);
    const [line] = (await once(command.stdout, "data")) as [Buffer];
    expect(linesOf(String(line))[0]).to.include({ type: "event", status: "success" });
    const rest = text(command.stdout);
    command.kill("SIGINT");
    expect(await closed).to.deep.equal([130, null]);
    const [row, summary, ...others] = linesOf(await rest);
    expectSchema([row ?? {}, summary ?? {}]);
    expect(row).to.include({ type: "tenant", tenant_id: "acme" });
    expect(summary).to.include({ type: "summary", events: 1, applied: 1, stopped: true });
    expect(others).to.deep.equal([]);
    expect(withoutWarnings(await stderr)).to.equal("");
    expect(await leftovers()).to.deep.equal([]);
  });

  it("gives the totals at once where it is interrupted before anything has come", async () => {
    const pipe = join(folder, "events.pipe");
    execFileSync("mkfifo", [pipe]);
    for (const [args, hasWriter, signal, code] of [
      [["--events", pipe], false, "SIGINT", 130],
      [["--events", pipe], true, "SIGTERM", 143],
      [["--events", "-"], false, "SIGINT", 130],
      [["--events", SAMPLE, "--tenants", pipe], false, "SIGINT", 130],
      [["--events", SAMPLE, "--from-rows", pipe], true, "SIGINT", 130],
    ] as const) {
      const command = start([...args, "--json"], { NODE_OPTIONS: SAYS_WHEN_IT_HEARS });
      const [stdout, stderr] = [text(command.stdout), text(command.stderr)];
      const closed = once(command, "close");
      await once(command.stderr, "data");
      // Succeeds once the program reads the pipe. It writes nothing.
      const writer = hasWriter ? await open(pipe, "w") : undefined;
      command.kill(signal);
      expect(await closed, `${args.join(" ")} ${signal}`).to.deep.equal([code, null]);
      expect(linesOf(await stdout)).to.deep.equal([
        {
          ...{ type: "summary", events: 0, applied: 0, ignored: {}, failed: 0 },
          ...{ read: {}, others: 0, notUnderstood: 0, stopped: true },
        },
      ]);
      expect(withoutWarnings(await stderr)).to.equal("hears");
      await writer?.close();
    }
  });

  it("plays what comes through a pipe that has a name", async () => {
    const pipe = join(folder, "events.pipe");
    execFileSync("mkfifo", [pipe]);
    const [first = "", ...others] = (await readFile(SAMPLE, "utf8")).split("\n");
    const command = start(["--events", pipe, "--json"]);
    const closed = once(command, "close");
    const writer = await open(pipe, "w");
    await writer.write(`${first}\n{`);
    const [line] = (await once(command.stdout, "data")) as [Buffer];
    expect(linesOf(String(line))[0]).to.include({ type: "event", status: "success" });
    const rest = text(command.stdout);
    await writer.write(others.join("\n").slice(1));
    await writer.close();
    expect(await closed).to.deep.equal([0, null]);
    expect(linesOf(await rest).at(-1)).to.include({ type: "summary", events: 19 });
  });

  itOnTerminal("gives the totals at Ctrl-C on a terminal, too, where a table is being drawn", async () => {
    const [first = ""] = (await readFile(SAMPLE, "utf8")).split("\n");
    const events = join(folder, "events");
    // More than are played before the key is pressed.
    await writeFile(events, `${first}\n`.repeat(100_000));
    const terminal = startOnTerminal([process.execPath, program, "--events", events], { TMPDIR: folder });
    await terminal.shows("acme");
    terminal.type(CTRL_C);
    const { exitCode, shown } = await terminal.ended;
    expect(shown).to.match(/Stopped before the end\.\r?\n\d+ events?: 1 applied/);
    expect(exitCode).to.equal(130);
  });

  it("ends quietly when nobody reads on", async () => {
    for (const options of [[], ["--json"]]) {
      const command = start(options);
      const stderr = text(command.stderr);
      const closed = once(command, "close");
      await once(command.stdout, "data");
      command.stdout.destroy();
      expect(await closed).to.deep.equal([0, null]);
      expect(withoutWarnings(await stderr)).to.equal("");
    }
    expect(await leftovers()).to.deep.equal([]);
  });
});
