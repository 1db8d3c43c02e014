import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { build } from "esbuild";
import { replacements, type Replacement } from "../../build/replacements.ts";
import { replacementsPlugin } from "../../build/replacements-plugin.ts";

describe("a replacement", () => {
  const SOURCE = "module.exports = heavy();\n";
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "replacements-"));
    await mkdir(join(directory, "node_modules", "library"), { recursive: true });
    await writeFile(join(directory, "index.js"), `console.log(require("library"));`);
    await writeFile(join(directory, "node_modules", "library", "index.js"), SOURCE);
  });
  after(() => rm(directory, { recursive: true }));

  const bundle = async (...entries: Replacement[]): Promise<string> => {
    const { outputFiles } = await build({
      absWorkingDir: directory,
      entryPoints: ["index.js"],
      bundle: true,
      write: false,
      logLevel: "silent",
      plugins: [replacementsPlugin(entries)],
    });
    return outputFiles.map(({ text }) => text).join("");
  };
  const failure = async (entry: Replacement): Promise<string> =>
    bundle(entry).then(
      () => "",
      (error: unknown) => String(error),
    );

  const whole: Replacement = {
    module: "library/index.js",
    why: "A test.",
    original: createHash("sha256").update(SOURCE).digest("hex"),
    contents: "module.exports = light();",
  };
  const passage: Replacement = {
    module: "library/index.js",
    why: "A test.",
    passage: /heavy/g,
    put: "light",
  };

  it("puts another text in a module's place", async () => {
    expect(await bundle(whole))
      .to.contain("light()")
      .and.not.contain("heavy()");
  });

  it("changes a passage of a module", async () => {
    expect(await bundle(passage))
      .to.contain("light()")
      .and.not.contain("heavy()");
  });

  it("fails the build when the module has changed since", async () => {
    for (const replacement of [whole, passage])
      expect(await failure({ ...replacement, original: "0".repeat(64) })).to.match(
        /library\/index\.js has changed since .* check that the reason still holds, then set its original to [0-9a-f]{64}/,
      );
  });

  it("fails the build when the passage is gone", async () => {
    expect(await failure({ ...passage, passage: /leaden/g })).to.contain(
      "library/index.js no longer has the passage",
    );
  });

  it("fails the build when the bundle no longer contains the module", async () => {
    expect(await failure({ ...passage, module: "library/lib/index.js" })).to.contain(
      "names library/lib/index.js, which the bundle does not contain",
    );
  });

  it("is listed once for each module, and with its reason", () => {
    expect(replacements.map(({ module }) => module)).to.have.length(
      new Set(replacements.map(({ module }) => module)).size,
    );
    for (const { module, why } of replacements) expect(why, module).to.match(/\.$/);
  });
});
