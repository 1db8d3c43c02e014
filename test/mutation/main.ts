import { Argument } from "@commander-js/extra-typings";
import { createCommandLine } from "../../checklist/command-line.ts";
import { tolerateClosedOutput } from "../../checklist/closed-output.ts";
import { EXIT_CODES } from "../../checklist/exit-code.ts";
import { findUnnoticed } from "./find-unnoticed.ts";
import { MUTATED_ROOMS } from "./mutated-rooms.ts";
import { describeVerdict, isEnough } from "./verdict.ts";

/** `npm run mutation [room]` */
tolerateClosedOutput();
const program = createCommandLine(
  "mutation",
  "Changes the code in small ways, one at a time, and runs the tests: one of them must fail. Lists the changes that no test notices.\n\n" +
    "Exit codes: 0 enough changes were noticed, 1 too few in a room, 2 it was told something wrong.",
)
  .usage("[options] [room] [file...]")
  .addArgument(new Argument("[room]", "change this room alone").choices(Object.keys(MUTATED_ROOMS)))
  .argument("[file...]", "of the room, change these alone")
  .option(
    "--without-static",
    "leave out what takes effect while a module is loaded: few mutants, which take most of the time",
  )
  .parse();
const [chosen, files] = program.processedArgs;
const { withoutStatic = false } = program.opts();

const verdicts: string[] = [];
for (const [name, room] of Object.entries(MUTATED_ROOMS)) {
  if (chosen !== undefined && chosen !== name) continue;
  const result = await findUnnoticed(
    name,
    files.length === 0 ? room : { ...room, mutate: files, quickTests: [] },
    withoutStatic,
  );
  const verdict = describeVerdict(name, result, room.minScore);
  console.log(verdict.details);
  verdicts.push(verdict.summary);
  if (!isEnough(result, room.minScore)) process.exitCode = EXIT_CODES.failed;
}
console.log(`\n${verdicts.join("\n")}`);
