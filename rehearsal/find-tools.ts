import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { EnvironmentVariables } from "../stacks/terraform/environment-variables.ts";
import { terraformBinary } from "../stacks/terraform/terraform-binary.ts";

/** What a rehearsal needs and npm does not bring. */
export interface Tools {
  readonly terraform: { readonly version: string };
  /** Undefined when it is not needed. */
  readonly moto: Moto | undefined;
}

export interface Moto {
  readonly version: string;
  /** The interpreter that has it. */
  readonly python: string;
}

/** What is missing: a line each, saying how to get it. */
export interface MissingTools {
  readonly missing: readonly string[];
}

/** @param needsMoto not when the emulator is one that is running already. */
export const findTools = async (
  env: EnvironmentVariables,
  needsMoto: boolean,
): Promise<Tools | MissingTools> => {
  const terraform = await versionOf(
    terraformBinary(env),
    ["version", "-json"],
    env,
    /"terraform_version": "([^"]+)"/,
  );
  const moto = needsMoto ? await findMoto(env) : undefined;
  const cmake = await versionOf("cmake", ["--version"], env, /version (\S+)/);
  const missing = [
    ...(terraform === undefined
      ? ["terraform (1.10 or later): https://developer.hashicorp.com/terraform/install"]
      : []),
    ...(needsMoto && moto === undefined ? [`python3 with moto: pip install "moto[server]==5.2.*"`] : []),
    ...(cmake === undefined
      ? ["cmake, make and a C++ compiler, for AWS's Lambda runtime: apt-get install cmake g++ make"]
      : []),
  ];
  if (terraform?.[1] === undefined || missing.length > 0) return { missing };
  return { terraform: { version: terraform[1] }, moto };
};

export const findMoto = async (env: EnvironmentVariables): Promise<Moto | undefined> => {
  const [, python, version] = (await versionOf("python3", ["-c", MOTO_VERSION], env, /^(\S+) (\S+)$/m)) ?? [];
  return python === undefined || version === undefined ? undefined : { python, version };
};

/** The server's own dependencies too: plain `pip install moto` lacks them. */
const MOTO_VERSION = "import sys, moto, moto.server; print(sys.executable, moto.__version__)";

/** What the program says of its version; undefined when it is not there, or cannot do what is needed. */
const versionOf = async (
  file: string,
  args: readonly string[],
  env: EnvironmentVariables,
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
