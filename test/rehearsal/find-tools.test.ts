import { expect } from "chai";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTools } from "../../rehearsal/find-tools.ts";

describe("The search for tools", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tools-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const install = async (name: string, script: string): Promise<void> => {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  };
  const installAll = async (): Promise<void> => {
    await install("terraform", `echo '{ "terraform_version": "1.11.4" }'`);
    await install("python3", `echo /opt/python 5.2.1`);
    await install("cmake", `echo cmake version 3.25.1`);
  };
  const find = (needsMoto = true) => findTools({ PATH: folder }, needsMoto);

  it("finds them on the PATH, and tells their versions", async () => {
    await installAll();
    expect(await find()).to.deep.equal({
      terraform: { version: "1.11.4" },
      moto: { python: "/opt/python", version: "5.2.1" },
    });
  });

  it("says of each that is missing how to get it", async () => {
    const found = await find();
    expect("missing" in found && found.missing).to.have.length(3);
    expect(JSON.stringify(found)).to.match(/terraform.*install.*pip install.*apt-get install cmake/);
  });

  it("does without moto when another emulator is given", async () => {
    await installAll();
    await install("python3", "exit 1");
    expect(await find(false)).to.deep.equal({ terraform: { version: "1.11.4" }, moto: undefined });
  });

  it("takes a python without moto for none", async () => {
    await installAll();
    await install("python3", "exit 1");
    expect(await find()).to.deep.equal({ missing: [`python3 with moto: pip install "moto[server]==5.2.*"`] });
  });
});
