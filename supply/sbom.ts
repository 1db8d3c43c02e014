import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { currentBuild, DIST } from "../build/current-build.ts";
import { REPOSITORY } from "../build/handler-bundle.ts";
import { tolerateClosedOutput } from "../checklist/closed-output.ts";
import { createCommandLine } from "../checklist/command-line.ts";
import { asLockfile } from "./lockfile.ts";
import { thirdPartyNotices } from "./notices.ts";
import { readJson } from "./read-json.ts";
import { zipPackages } from "./zip-packages.ts";
import { inZipProject } from "./zip-project.ts";

/** `npm run sbom` */
tolerateClosedOutput();
createCommandLine(
  "sbom",
  "Writes what packages are in the zip, with their licences: dist/sbom.json (CycloneDX) and dist/third-party-notices.txt.",
).parse();

const file = join(REPOSITORY, "package-lock.json");
const lockfile = asLockfile(readJson(file), file);
const packages = zipPackages((await currentBuild()).contents, lockfile);
const sbom = await inZipProject(packages, async (cwd) => {
  const args = ["sbom", "--package-lock-only", "--sbom-format=cyclonedx", "--sbom-type=application"];
  return (await promisify(execFile)("npm", args, { cwd, maxBuffer: 1e8 })).stdout;
});
await writeFile(join(DIST, "sbom.json"), sbom);
await writeFile(join(DIST, "third-party-notices.txt"), await thirdPartyNotices(packages, REPOSITORY));
console.log(`dist/sbom.json and dist/third-party-notices.txt: ${packages.length} packages`);
