import { join } from "node:path";
import { Argument } from "@commander-js/extra-typings";
import { currentBuild } from "../build/current-build.ts";
import { REPOSITORY } from "../build/handler-bundle.ts";
import { tolerateClosedOutput } from "../checklist/closed-output.ts";
import { createCommandLine } from "../checklist/command-line.ts";
import { OperatorError } from "../checklist/errors.ts";
import { EXIT_CODES } from "../checklist/exit-code.ts";
import { visibleLines, visibleText } from "../checklist/visible.ts";
import { AcceptedAdvisoryError, parseAcceptedAdvisories } from "./accepted-advisories.ts";
import { type Judgement, judgeAdvisories, RegistryError } from "./judge-advisories.ts";
import { asLockfile } from "./lockfile.ts";
import { readJson } from "./read-json.ts";
import { zipPackages } from "./zip-packages.ts";
import { inZipProject } from "./zip-project.ts";

/** `npm run audit` */
tolerateClosedOutput();
const command = createCommandLine(
  "audit",
  "Asks the registry what is known of the packages. In the zip nothing may be; of what only builds and deploys, only what " +
    "supply/accepted-advisories.json accepts.",
)
  .usage("[options] [what]")
  .addArgument(
    new Argument("[what]", "zip: what is in it; tools: what builds and deploys; both when left out").choices([
      "zip",
      "tools",
    ] as const),
  )
  .option(
    "--accepted <file>",
    "the advisories that are accepted",
    join(REPOSITORY, "supply", "accepted-advisories.json"),
  )
  .parse();
const [what] = command.processedArgs;

const auditZip = async (): Promise<Judgement> => {
  const file = join(REPOSITORY, "package-lock.json");
  const lockfile = asLockfile(readJson(file), file);
  const packages = zipPackages((await currentBuild()).contents, lockfile);
  return inZipProject(packages, (folder) => judgeAdvisories({ folder, severity: "low", accepted: [] }));
};

const auditTools = async (): Promise<Judgement> => {
  const accepted = parseAcceptedAdvisories(readJson(command.opts().accepted));
  return judgeAdvisories({ folder: REPOSITORY, severity: "high", accepted });
};

const audits = [
  { name: "zip", title: "What is in the zip", judge: auditZip },
  { name: "tools", title: "What builds and deploys", judge: auditTools },
] as const;

const report = (title: string, { objections, accepted, unneeded }: Judgement): void => {
  if (objections.length === 0)
    console.log(
      `${title}: no advisory${accepted.length > 0 ? ` but ${accepted.length} accepted ones: ${accepted.join(", ")}` : ""}`,
    );
  else {
    console.error(
      `${title}: ${objections.length} ${objections.length === 1 ? "advisory" : "advisories"} that nobody has accepted`,
    );
    for (const objection of objections) console.error(`  ${visibleText(objection)}`);
    process.exitCode = EXIT_CODES.failed;
  }
  if (unneeded.length > 0)
    console.log(`${title}: not found, to be taken off the list: ${unneeded.join(", ")}`);
};

for (const { title, judge } of audits.filter(({ name }) => what === undefined || what === name)) {
  try {
    report(title, await judge());
  } catch (error) {
    if (error instanceof AcceptedAdvisoryError || error instanceof OperatorError) {
      console.error(visibleLines(error.message));
      process.exitCode = EXIT_CODES.mistake;
    } else if (error instanceof RegistryError) {
      console.error(`${title}: nothing is known: ${visibleText(error.message)}`);
      // What was found already decides.
      process.exitCode ??= EXIT_CODES.inconclusive;
    } else throw error;
  }
}
