import { expect } from "chai";
import { unzipSync } from "fflate";
import type { CommonJsFiles } from "../../build/common-js-files.ts";
import { composition, type Share } from "../../build/composition.ts";
import type { ZipContents } from "../../build/current-build.ts";
import { bundleHandler } from "../../build/handler-bundle.ts";
import { zipFunction } from "../../build/handler-zip.ts";
import { builtFunction } from "./built-function.ts";

/**
 * What the bundle may weigh, a little above what it weighs: adding to it is a decision. Bytes are
 * those of the minified code.
 */
const LIMITS = {
  zipBytes: 72_900,
  modules: 365,
  bytes: {
    "@smithy/core": 90_000,
    handler: 46_000,
    "@aws-sdk/core": 22_000,
    "@aws-sdk/client-dynamodb": 17_500,
    "@aws-sdk/client-ecs": 11_500,
    "@smithy/signature-v4": 10_000,
    winston: 9_500,
    "@smithy/node-http-handler": 7_500,
    "@aws-sdk/util-dynamodb": 5_500,
    "winston-transport": 2_000,
    "@aws/lambda-invoke-store": 2_500,
    "@aws-sdk/dynamodb-codec": 2_500,
    "triple-beam": 1_500,
    "(between the modules)": 1_000,
    "@aws-sdk/credential-provider-env": 1_000,
    "is-stream": 500,
    logform: 500,
    ajv: 500,
    "@smithy/types": 500,
    "readable-stream": 200,
    async: 200,
    "@aws-sdk/middleware-endpoint-discovery": 100,
    "@dabh/diagnostics": 100,
    "@aws-sdk/credential-provider-node": 100,
  },
} as const;

/** What the reconciler's file may add to the zip, in bytes: it is never loaded with the handler's. */
const RECONCILER_ZIP_BYTES = 110_000;

describe("the composition of the bundle", () => {
  let handler: CommonJsFiles;
  let all: Readonly<Record<string, Uint8Array>>;
  let contents: ZipContents;
  let shares: readonly Share[];
  let zipBytes: number;

  before(async () => {
    handler = await bundleHandler();
    const built = await builtFunction();
    all = unzipSync(built.zip);
    contents = built.contents;
    zipBytes = (await zipFunction(handler.files)).length;
    shares = composition(handler.metafile);
  });

  it(`makes a zip of at most ${LIMITS.zipBytes} bytes, but for the reconciler`, () => {
    expect(zipBytes).to.be.at.most(LIMITS.zipBytes);
  });

  it(`grows by at most ${RECONCILER_ZIP_BYTES} bytes for the reconciler, whose file is not the handler's business`, async () => {
    expect(Object.keys(all)).to.deep.equal(["index.js", "ecs.js", "reconciler.js"]);
    expect((await builtFunction()).zip.length - zipBytes).to.be.at.most(RECONCILER_ZIP_BYTES);
    for (const name of ["index.js", "ecs.js"]) {
      const inputs = Object.keys(contents.outputs[name]?.inputs ?? {});
      expect(inputs).to.not.be.empty;
      expect(inputs.filter((path) => /^(reconcile|reconciler|checklist|envs)\//.test(path))).to.deep.equal(
        [],
      );
      expect(Buffer.compare(all[name] ?? Buffer.of(), handler.files[name] ?? Buffer.of()), name).to.equal(0);
    }
  });

  it("is of the packages that the handler needs, none of them grown", () => {
    expect(shares.map(({ name }) => name)).to.have.members(Object.keys(LIMITS.bytes));
    for (const { name, bytes } of shares) {
      expect(bytes, name).to.be.at.most(LIMITS.bytes[name as keyof typeof LIMITS.bytes]);
    }
  });

  it(`is of at most ${LIMITS.modules} modules`, () => {
    expect(shares.reduce((sum, { modules }) => sum + modules, 0)).to.be.at.most(LIMITS.modules);
  });

  it("adds up to the files", () => {
    const bytes = Object.values(handler.files).reduce((sum, { length }) => sum + length, 0);
    expect(shares.reduce((sum, share) => sum + share.bytes, 0)).to.equal(bytes);
  });
});
