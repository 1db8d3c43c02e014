import { expect } from "chai";
import { tmpdir } from "node:os";
import type { Place } from "../../rehearsal/context.ts";
import { RehearsalContext, type RehearsalParts } from "../../rehearsal/context.ts";
import { makeOwnFolder } from "../own-folder.ts";

describe("what a rehearsal runs", () => {
  const folder = makeOwnFolder(tmpdir(), "rehearsal-context-");

  it("has a plugin cache of Terraform's for each environment, as the cache is not for two at once", async () => {
    const context = new RehearsalContext({
      folder,
      variables: { PATH: process.env["PATH"] }, // eslint-disable-line no-restricted-syntax -- the shell is found by it
      signal: new AbortController().signal,
    } as unknown as RehearsalParts);
    const cacheOf = async (environment: string): Promise<string> => {
      const place = { workspace: folder, environment: { environment }, account: { variables: {} } };
      const { stdout } = await context.step(
        place as unknown as Place,
        'test -d "$TF_PLUGIN_CACHE_DIR" && echo "$TF_PLUGIN_CACHE_DIR"',
      );
      return stdout.trim();
    };
    const caches = [await cacheOf("dev"), await cacheOf("sit")];
    expect(caches).to.not.include("");
    expect(new Set(caches)).to.have.property("size", 2);
  });
});
