import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codeSha256 } from "../build/code-sha256.ts";
import { zipFunction } from "../build/handler-zip.ts";
import type { Place } from "./context.ts";

/** A zip to deploy in place of what the sources would make. */
export interface Build {
  /** By it `HANDLER_ZIP` names the zip. */
  readonly variables: { readonly HANDLER_ZIP: string };
  readonly codeSha256: string;
}

/** It cannot even be loaded. */
export const BROKEN = `throw new Error("broken on purpose");`;

/** It answers the smoke test, whose event is of no service, and fails on every real event. */
export const FLAWED = `exports.handler = async (event) => {
  if (event.resources.length > 0) throw new Error("flawed on purpose");
  return { status: "ignored", reason: "unknown_tenant", event: event.detail.eventName, message: "flawed" };
};`;

/** The second function of a build whose first is what matters: it answers its smoke test. */
const READY_RECONCILER = `exports.handler = async () => ({ status: "ready", services: 0 });`;

export const buildZip = async (folder: string, name: string, code: string): Promise<Build> => {
  const zip = await zipFunction({
    "index.js": Buffer.from(code),
    "reconciler.js": Buffer.from(READY_RECONCILER),
  });
  const path = join(folder, "builds", `${name}.zip`);
  await mkdir(join(folder, "builds"), { recursive: true });
  await writeFile(path, zip);
  return { variables: { HANDLER_ZIP: path }, codeSha256: codeSha256(zip) };
};

/** A change of the sources that changes nothing but the code's hash. @param name an identifier, another one for each change. */
export const changeSources = async ({ workspace }: Place, name: string): Promise<void> => {
  await appendFile(join(workspace, "handler", "index.ts"), `\nexport const ${name} = true;\n`);
};
