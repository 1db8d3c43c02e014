import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { LambdaRuntime } from "./sandbox.ts";
import type { EnvironmentVariables } from "../../../stacks/terraform/environment-variables.ts";

/** Node.js of the runtime that the stacks deploy to, nodejs24.x, whatever the emulator is told in its place. */
const NODE_VERSION = "24.21.0";
/** AWS's runtime interface client for it: what runs inside Lambda around the handler. */
const CLIENT_VERSION = "4.0.2";

/**
 * AWS's Lambda runtime on this machine. Not among the repository's packages, for it compiles C++ with cmake, for a minute
 * or more: it is installed on first use, beside npm's own caches.
 */
export const installLambdaRuntime = async (
  env: EnvironmentVariables,
  folder = join(cacheFolder(env), `lambda-runtime-${NODE_VERSION}-${CLIENT_VERSION}`),
): Promise<LambdaRuntime> => {
  if (!existsSync(folder)) await install(env, folder);
  return {
    node: join(folder, "node_modules", NODE_PACKAGE, "bin", "node"),
    client: join(folder, "node_modules", "aws-lambda-ric", "index.mjs"),
  };
};

const NODE_PACKAGE = `node-${process.platform}-${process.arch}`;

const cacheFolder = ({ XDG_CACHE_HOME, HOME = homedir() }: EnvironmentVariables): string =>
  join(XDG_CACHE_HOME ?? join(HOME, ".cache"), "ecs-tenant-event-handler");

/** The folder appears complete or not at all, so a folder that exists can be used. */
const install = async (env: EnvironmentVariables, folder: string): Promise<void> => {
  await mkdir(join(folder, ".."), { recursive: true });
  const unfinished = await mkdtemp(`${folder}.`);
  try {
    // npm 11 and later run a package's install scripts only where they are allowed.
    const manifest = { private: true, allowScripts: { "aws-lambda-ric": true } };
    await writeFile(join(unfinished, "package.json"), `${JSON.stringify(manifest)}\n`);
    const packages = [`aws-lambda-ric@${CLIENT_VERSION}`, `${NODE_PACKAGE}@${NODE_VERSION}`];
    // `npm run` hands this repository's ignore-scripts on, and this package is compiled by its script.
    const options = ["--ignore-scripts=false", "--no-audit", "--no-fund"];
    await promisify(execFile)("npm", ["install", ...options, ...packages], {
      cwd: unfinished,
      env,
    });
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another rehearsal was faster.
    if (!existsSync(folder)) throw error;
  }
};
