import type { TerraformStack } from "cdktf";
import { expect } from "chai";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "../../stacks/create-app.ts";
import { loadEnvironments } from "../../envs/load.ts";
import { EventHandlerStack } from "../../stacks/event-handler-stack.ts";
import { PROVIDER_VERSION } from "../../stacks/provider-version.ts";
import { StateStack } from "../../stacks/state-stack.ts";
import { substituteProvider } from "../../stacks/substitute-provider.ts";
import { CODE_SHA256 } from "./synthesized.ts";

describe("the substitutes for the provider and the runtimes", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "substitution-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** All stacks, by name. */
  const synthesize = (isSubstituted: boolean): Record<string, unknown> => {
    const zip = join(folder, "handler.zip");
    if (!existsSync(zip)) writeFileSync(zip, "the zip's bytes");
    const app = createApp({ outdir: mkdtempSync(join(folder, "out-")) });
    const stacks = loadEnvironments().flatMap((environment): TerraformStack[] => [
      new EventHandlerStack(app, environment.environment, {
        environment,
        handlerZip: { path: zip, codeSha256: CODE_SHA256 },
      }),
      new StateStack(app, `state-${environment.environment}`, environment),
    ]);
    if (isSubstituted) substituteProvider(app);
    app.synth();
    return Object.fromEntries(
      stacks.map(({ node: { id } }) => [
        id,
        JSON.parse(readFileSync(join(app.outdir, "stacks", id, "cdk.tf.json"), "utf8")) as unknown,
      ]),
    );
  };

  it("differ from what is deployed in the provider's version and the two runtimes, and in nothing else", () => {
    const expected = loadEnvironments().flatMap(({ environment: name }) => [
      `${name}.resource.aws_lambda_function.function.runtime: nodejs24.x, nodejs22.x`,
      `${name}.resource.aws_lambda_function.reconciler.runtime: nodejs24.x, nodejs22.x`,
      `${name}.terraform.required_providers.aws.version: ${PROVIDER_VERSION}, 5.100.0`,
      `state-${name}.terraform.required_providers.aws.version: ${PROVIDER_VERSION}, 5.100.0`,
    ]);
    const found = differences(synthesize(false), synthesize(true), []);
    expect(found.sort()).to.deep.equal(expected.sort());
  });
});

/** `path: one, other` for each value that two documents do not have in common. */
const differences = (one: unknown, other: unknown, path: readonly string[]): string[] => {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return one === other ? [] : [`${path.join(".")}: ${String(one)}, ${String(other)}`];
  const [before, after] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) =>
    differences(before.get(key), after.get(key), [...path, key]),
  );
};
