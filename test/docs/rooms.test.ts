import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { env } from "node:process";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { listRooms } from "../../docs/generate/rooms.ts";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

const DEPCRUISE = join(REPOSITORY, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");

describe("npm run rooms", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "rooms-"));
    for (const file of ["rooms.json", ".dependency-cruiser.mjs", "tsconfig.json", "package.json"])
      cpSync(join(REPOSITORY, file), join(folder, file));
    symlinkSync(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };

  /** Runs the rules on a repository in which these imports are all that there is. */
  const cruise = (imports: readonly (readonly [from: string, to: string])[], reporter: "err" | "json") => {
    for (const [, to] of imports) write(to, "export const leaf = 1;\n");
    for (const [from, to] of imports)
      write(from, `export { leaf } from ${JSON.stringify(`./${relative(dirname(from), to)}`)};\n`);
    return spawnSync(
      process.execPath,
      [DEPCRUISE, "--config", ".dependency-cruiser.mjs", "--output-type", reporter, "."],
      { cwd: folder, encoding: "utf8", env: { ...env, NO_COLOR: "1", FORCE_COLOR: "0" } },
    );
  };

  it("fails on a wrong import, and says which", () => {
    const { status, stdout } = cruise([["checklist/run.ts", "ops/aws/clients.ts"]], "err");
    expect(stdout).to.include("checklist-knows-no-other-room: checklist/run.ts → ops/aws/clients.ts");
    expect(status).to.equal(1);
  });

  it("lets every room import those that it is said to know, and no others", () => {
    const rooms = listRooms().filter(({ path }) => path !== "test");
    const pairs = rooms.flatMap((from) =>
      rooms
        .filter(({ path }) => path !== from.path && dirname(path) === dirname(from.path))
        .map(({ path }) => ({
          from: `${from.path}/to-${path.replaceAll("/", "-")}.ts`,
          // What others see of the handler are its contracts.
          to: path === "handler" ? "handler/answer.ts" : `${path}/leaf.ts`,
          isKnown: from.knows.includes(path.slice(path.lastIndexOf("/") + 1)),
        })),
    );
    const { stdout } = cruise([...pairs.map(({ from, to }) => [from, to] as const), ...WRONG], "json");
    const { summary } = JSON.parse(stdout) as {
      summary: { violations: { from: string; to: string; rule: { name: string } }[] };
    };
    const refused = summary.violations
      .filter(({ rule }) => rule.name !== "no-orphans")
      .map(({ from, to }) => `${from} -> ${to}`);
    const unknown = pairs.filter(({ isKnown }) => !isKnown).map(({ from, to }) => `${from} -> ${to}`);
    expect([...new Set(refused)]).to.have.members([
      ...unknown,
      ...WRONG.map(([from, to]) => `${from} -> ${to}`),
    ]);
  });

  /** What the rooms are for, whatever rooms.json says. */
  const WRONG: readonly (readonly [from: string, to: string])[] = [
    ["handler/index.ts", "envs/load.ts"],
    ["stacks/alarms.ts", "handler/event-processor.ts"],
    ["ops/commands/deploy.ts", "ops/cli/program.ts"],
    ["ops/checks/account.ts", "ops/commands/status.ts"],
    ["ops/aws/sqs/queue-url.ts", "ops/checks/rule-checks.ts"],
    ["ops/command.ts", "ops/commands/verify.ts"],
    ["reconcile/repair.ts", "ops/aws/explain-error.ts"],
    ["reconciler/run.ts", "handler/tenant-store.ts"],
    ["handler/handler.ts", "reconciler/run.ts"],
    ["rehearsal/emulator/event-bus.ts", "ops/checks/invoke-permission.ts"],
    ["rehearsal/emulator/permissions.ts", "rehearsal/stages/events.ts"],
    ["local/main.ts", "test/local/event.ts"],
  ];
});

describe("rooms.json", () => {
  it("lists every folder that has code in it, and no other", () => {
    const listed = listRooms().map(({ path }) => path);
    for (const path of listed) expect(existsSync(join(REPOSITORY, path)), path).to.be.true;
    const folders = readdirSync(REPOSITORY, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map(({ name }) => name)
      .filter((name) => !NO_ROOMS.has(name))
      .filter(hasFiles);
    expect(listed.filter((path) => !path.includes("/"))).to.have.members(folders);
    for (const inner of ["ops"])
      expect(
        listed.filter((path) => path.startsWith(`${inner}/`)),
        "rooms.json must say what each folder holds and knows",
      ).to.have.members(
        readdirSync(join(REPOSITORY, inner), { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map(({ name }) => `${inner}/${name}`)
          .filter(hasFiles),
      );
  });

  /** git leaves the empty folders behind of what has moved. */
  const hasFiles = (path: string): boolean =>
    readdirSync(join(REPOSITORY, path), { withFileTypes: true, recursive: true }).some((entry) =>
      entry.isFile(),
    );

  /** Made by programs. */
  const NO_ROOMS = new Set(["node_modules", "dist", "coverage", "cdktf.out", "reports"]);
});
