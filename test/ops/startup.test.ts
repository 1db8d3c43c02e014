import { expect } from "chai";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

describe("the start of the operator's CLI", () => {
  it("loads nothing that builds stacks or zips: most commands do without, and it is slow to load", async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "--eval", LIST_PACKAGES],
      { cwd: fileURLToPath(new URL("../..", import.meta.url)) },
    );
    const loaded = new Set(stdout.split("\n"));
    expect([...loaded], "the way in which the test looks").to.include("@aws-sdk/client-lambda");
    expect(["cdktf", "@cdktf/provider-aws", "jszip"].filter((name) => loaded.has(name))).to.deep.equal([]);
  });
});

/** The packages whose CommonJS files are loaded. */
const LIST_PACKAGES = `
  import { createRequire } from "node:module";
  await import("./ops/cli/program.ts");
  const files = Object.keys(createRequire(import.meta.url).cache);
  const names = files.map((file) => /.*node_modules.((?:@[^/\\\\]+.)?[^/\\\\]+)/.exec(file)?.[1]);
  console.log([...new Set(names)].join("\\n"));
`;
