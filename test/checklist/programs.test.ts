import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { bundledProgram } from "../bundled-program.ts";
import { withoutWarnings } from "../without-warnings.ts";
import packageJson from "../../package.json" with { type: "json" };

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Every program of this repository, by its script: `build` is `build/main.ts`. */
const programs = Object.entries(packageJson.scripts).flatMap(([name, script]) => {
  const [, file = ""] = /^tsx (\S+\.ts)$/.exec(script) ?? [];
  return file === "" ? [] : [[name, file] as const];
});

const start = (bundle: string | undefined, ...args: readonly string[]) => {
  if (bundle === undefined) throw new Error("it was not bundled");
  const child = spawn(process.execPath, [bundle, ...args], { cwd: repository });
  const ended = Promise.all([once(child, "close"), text(child.stderr)]).then(([[code], stderr]) => ({
    code: code as unknown,
    stderr: withoutWarnings(stderr),
  }));
  return { child, ended };
};

describe("Every program", () => {
  const bundles = new Map<string, string>();
  before(async () => {
    for (const [, file] of programs) bundles.set(file, await bundledProgram(file));
  });

  it("is found", () => {
    expect(programs.map(([name]) => name)).to.include.members(["build", "ci", "docs", "ops", "start"]);
  });

  for (const [name, file] of programs) {
    it(`refuses an option that it does not know, in one sentence, with exit code 2: ${name}`, async () => {
      const { child, ended } = start(bundles.get(file), "--no-such-option");
      child.stdout.resume();
      const { code, stderr } = await ended;
      expect(stderr).to.match(/^[Uu]nknown option '--no-such-option'.*\n$/);
      expect(code).to.equal(2);
    });
  }

  it("goes on where nobody reads its output", () => {
    for (const [name, file] of programs)
      expect(readFileSync(join(repository, file), "utf8"), name).to.match(/^tolerateClosedOutput\(/m);
  });

  for (const [name, file] of programs) {
    it(`ends without a stack trace when nobody reads its output: ${name}`, async () => {
      const { child, ended } = start(bundles.get(file), "--help");
      child.stdout.destroy();
      expect(await ended).to.deep.equal({ code: 0, stderr: "" });
    });
  }
});
