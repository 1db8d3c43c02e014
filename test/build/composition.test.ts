import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { composition, type Share } from "../../build/composition.ts";
import { buildHandlerArtifact, type HandlerArtifact } from "../../build/handler-artifact.ts";

/**
 * What the bundle may weigh, a little above what it weighs: adding to it is a decision. Bytes are
 * those of the minified code.
 */
const LIMITS = {
  zipBytes: 73_000,
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
    "winston-transport": 3_500,
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

describe("the composition of the bundle", () => {
  let directory: string;
  let artifact: HandlerArtifact;
  let shares: readonly Share[];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "composition-"));
    artifact = await buildHandlerArtifact(directory);
    shares = composition(artifact.metafile);
  });
  after(() => rm(directory, { recursive: true }));

  it(`makes a zip of at most ${LIMITS.zipBytes} bytes`, () => {
    expect(artifact.zipBytes).to.be.at.most(LIMITS.zipBytes);
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

  it("adds up to the bundle", () => {
    expect(shares.reduce((sum, { bytes }) => sum + bytes, 0)).to.equal(artifact.bundleBytes);
  });
});
