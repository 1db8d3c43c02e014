import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { App, TerraformStack } from "cdktf";
import { createApp } from "./create-app.ts";
import { isObject } from "../checklist/is-object.ts";
import type { Environment } from "../envs/environment.ts";
import { AccessStack } from "./access-stack.ts";
import { EventHandlerStack } from "./event-handler-stack.ts";

/** A resource of the synthesized stack. */
export interface PlannedResource {
  /** As a plan calls it: `aws_lambda_function.function`. */
  readonly address: string;
  readonly type: string;
  /** Its arguments; in the place of a reference stands what it refers to, or its name when that is known after the apply only. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** All resources of an environment's stack, read from what `cdktf synth` writes. Names do not depend on the code, so none is built. */
export const plannedResources = (environment: Environment): readonly PlannedResource[] =>
  synthesizeOnce({ environment }, (app, outdir) => {
    const zip = join(outdir, "handler.zip");
    writeFileSync(zip, "");
    const { environment: name } = environment;
    return new EventHandlerStack(app, name, { environment, handlerZip: { path: zip, codeSha256: "" } });
  });

/** The same of the stack of its roles. */
export const plannedAccess = (
  environment: Environment,
  all: readonly Environment[],
): readonly PlannedResource[] =>
  synthesizeOnce(
    { environment, all },
    (app) => new AccessStack(app, `access-${environment.environment}`, { environment, all }),
  );

type AddStack = (app: App, outdir: string) => TerraformStack;

/** @param from what the stack is made from: of the same, the same comes. */
const synthesizeOnce = (from: object, addStack: AddStack): readonly PlannedResource[] => {
  const key = JSON.stringify(from);
  const resources = synthesized.get(key) ?? synthesize(addStack);
  synthesized.set(key, resources);
  return resources;
};

const synthesized = new Map<string, readonly PlannedResource[]>();

const synthesize = (addStack: AddStack): readonly PlannedResource[] => {
  const outdir = mkdtempSync(join(tmpdir(), "planned-"));
  try {
    const app = createApp({ outdir });
    const { node } = addStack(app, outdir);
    app.synth();
    return readResources(JSON.parse(readFileSync(join(outdir, "stacks", node.id, "cdk.tf.json"), "utf8")));
  } finally {
    rmSync(outdir, { recursive: true });
  }
};

/** @param stack the content of a cdk.tf.json. */
const readResources = (stack: unknown): readonly PlannedResource[] => {
  const byType = entriesOf(isObject(stack) ? stack["resource"] : undefined);
  const raw = new Map(
    byType.flatMap(([type, resources]) =>
      entriesOf(resources).map(([id, config]) => [`${type}.${id}`, isObject(config) ? config : {}] as const),
    ),
  );
  return [...raw].map(([address, config]) => ({
    address,
    type: address.slice(0, address.indexOf(".")),
    config: Object.fromEntries(Object.entries(config).map(([name, value]) => [name, resolve(value, raw)])),
  }));
};

type RawResources = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

const REFERENCE = /\$\{([a-z0-9_]+\.[A-Za-z0-9_-]+)\.([a-z0-9_]+)\}/g;
const NAMES = ["name", "function_name", "bucket"] as const;

const resolve = (value: unknown, raw: RawResources): unknown =>
  typeof value !== "string"
    ? value
    : value.replaceAll(REFERENCE, (reference: string, address: string, attribute: string) => {
        const target = raw.get(address);
        const found = [attribute, ...NAMES].map((name) => target?.[name]).find((one) => one !== undefined);
        return typeof found === "string" && found !== value ? String(resolve(found, raw)) : reference;
      });

const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  isObject(value) ? Object.entries(value) : [];
