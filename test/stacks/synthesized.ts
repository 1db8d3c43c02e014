import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { App, TerraformStack } from "cdktf";
import { createApp } from "../../stacks/create-app.ts";
import type { Environment } from "../../envs/environment.ts";
import { loadEnvironments } from "../../envs/load.ts";
import { EventHandlerStack } from "../../stacks/event-handler-stack.ts";
import { AccessStack } from "../../stacks/access-stack.ts";
import { StateStack } from "../../stacks/state-stack.ts";

/** A stack's Terraform JSON as far as tests look at it. */
export interface Synthesized {
  readonly terraform: Readonly<Record<string, unknown>>;
  readonly provider: { readonly aws: readonly Block[] };
  readonly data?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly resource: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly output: Readonly<Record<string, Block>>;
}

export type Block = Readonly<Record<string, unknown>>;

/** Synthesizes the stack of an environment, as main.ts would, and reads what came of it. */
export const synthesizeEventHandler = (environment: Environment, change?: ChangeStack): Synthesized =>
  synthesize((app, zipPath) => {
    const handlerZip = { path: zipPath, codeSha256: CODE_SHA256 };
    return new EventHandlerStack(app, environment.environment, { environment, handlerZip });
  }, change);

/** Synthesizes the stack of an environment's state bucket. */
export const synthesizeState = (environment: Environment, change?: ChangeStack): Synthesized =>
  synthesize((app) => new StateStack(app, `state-${environment.environment}`, environment), change);

/** Synthesizes the stack of an environment's roles. */
export const synthesizeAccess = (environment: Environment, change?: ChangeStack): Synthesized =>
  synthesize(
    (app) =>
      new AccessStack(app, `access-${environment.environment}`, { environment, all: loadEnvironments() }),
    change,
  );

/** Stands for that of the zip; the stacks take the build's word for it. */
export const CODE_SHA256 = "c2hhMjU2IG9mIHRoZSB6aXA=";

/** What a test changes in a stack before it is synthesized. */
export type ChangeStack = (stack: TerraformStack) => void;

const synthesize = (
  create: (app: App, zipPath: string) => TerraformStack,
  change: ChangeStack = () => undefined,
): Synthesized => {
  const outdir = mkdtempSync(join(tmpdir(), "synthesized-"));
  try {
    const zipPath = join(outdir, "handler.zip");
    writeFileSync(zipPath, "the zip's bytes");
    const app = createApp({ outdir });
    const stack = create(app, zipPath);
    change(stack);
    app.synth();
    return JSON.parse(
      readFileSync(join(outdir, "stacks", stack.node.id, "cdk.tf.json"), "utf8"),
    ) as Synthesized;
  } finally {
    rmSync(outdir, { recursive: true });
  }
};

/** The only resource of a type. */
export const only = ({ resource }: Synthesized, type: string): Block => {
  const [block, ...others] = Object.values(resource[type] ?? {});
  if (block === undefined || others.length > 0) throw new Error(`There is not exactly one ${type}`);
  return block;
};

/** A resource by its address, such as `aws_lambda_function.reconciler`. */
export const resourceAt = ({ resource }: Synthesized, address: string): Block => {
  const [type = "", name = ""] = address.split(".");
  const block = resource[type]?.[name];
  if (block === undefined) throw new Error(`There is no ${address}`);
  return block;
};

/** Every resource and data source by its address, sorted. */
export const addresses = ({ resource, data = {} }: Synthesized): string[] =>
  [
    ...Object.entries(resource).flatMap(([type, named]) =>
      Object.keys(named).map((name) => `${type}.${name}`),
    ),
    ...Object.entries(data).flatMap(([type, named]) =>
      Object.keys(named).map((name) => `data.${type}.${name}`),
    ),
  ].sort();
