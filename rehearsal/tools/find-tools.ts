import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Variables } from "../variables.ts";

/** What a rehearsal needs and npm does not bring. */
export interface Tools {
  /** The interpreter that has moto. */
  readonly python: string;
  readonly versions: Readonly<Record<"terraform" | "moto", string>>;
}

/** What is missing: a line each, saying how to get it. */
export interface MissingTools {
  readonly missing: readonly string[];
}

export const findTools = async (env: Variables): Promise<Tools | MissingTools> => {
  const terraform = await versionOf("terraform", ["version", "-json"], env, /"terraform_version": "([^"]+)"/);
  const found = await findPython(env);
  const cmake = await versionOf("cmake", ["--version"], env, /version (\S+)/);
  const missing = [
    ...(terraform === undefined
      ? ["terraform (1.10 or later): https://developer.hashicorp.com/terraform/install"]
      : []),
    ...(found === undefined ? [`python3 with moto: pip install "moto[server]==5.2.*"`] : []),
    ...(cmake === undefined
      ? ["cmake, make and a C++ compiler, for AWS's Lambda runtime: apt-get install cmake g++ make"]
      : []),
  ];
  if (terraform?.[1] === undefined || found === undefined || missing.length > 0) return { missing };
  return { python: found.python, versions: { terraform: terraform[1], moto: found.moto } };
};

/** The interpreter that has moto, and moto's version. */
export const findPython = async (
  env: Variables,
): Promise<{ readonly python: string; readonly moto: string } | undefined> => {
  const [, python, moto] = (await versionOf("python3", ["-c", MOTO_VERSION], env, /^(\S+) (\S+)$/m)) ?? [];
  return python === undefined || moto === undefined ? undefined : { python, moto };
};

/** The server's own dependencies too: plain `pip install moto` lacks them. */
const MOTO_VERSION = "import sys, moto, moto.server; print(sys.executable, moto.__version__)";

/** What the program says of its version; undefined when it is not there, or cannot do what is needed. */
const versionOf = async (
  file: string,
  args: readonly string[],
  env: Variables,
  pattern: RegExp,
): Promise<RegExpExecArray | undefined> => {
  try {
    const { stdout } = await promisify(execFile)(file, args, { env });
    return pattern.exec(stdout) ?? undefined;
  } catch (error) {
    // Not there (ENOENT), or it ended with an exit code: python3 without moto.
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
};
