import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createCommandLine } from "../../checklist/command-line.ts";
import { tolerateClosedOutput } from "../../checklist/closed-output.ts";
import { visibleProgramText, visibleText } from "../../checklist/visible.ts";
import { isSubstituted, SUBSTITUTION_NOTICE, SUBSTITUTION_SWITCH } from "../substitution.ts";
import { providerMirrorVariables, substitutionVariables } from "./provider-mirror.ts";
import { validateStack } from "./validate-stack.ts";

/** `npm run validate` */
tolerateClosedOutput();
createCommandLine(
  "validate",
  "Synthesizes all stacks and has the real Terraform check each against the real provider's schema.",
).parse();

// In a folder of its own, so that it does not disturb a deployment under way.
let notice: string | undefined;
const folder = mkdtempSync(join(tmpdir(), "validate-"));
try {
  // eslint-disable-next-line no-restricted-syntax -- an edge; Terraform and the synthesis need what the caller has set
  const given = process.env;
  const inherited = { ...given, ...substitutionVariables(given) };
  if (isSubstituted(inherited[SUBSTITUTION_SWITCH])) notice = SUBSTITUTION_NOTICE;
  if (notice !== undefined) console.log(notice);
  const outdir = join(folder, "cdktf.out");
  execFileSync(process.execPath, ["--import", "tsx", "main.ts"], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env: { ...inherited, CDKTF_OUTDIR: outdir },
    stdio: "inherit",
  });

  const env = {
    ...inherited,
    // Terraform must not look for updates of itself.
    CHECKPOINT_DISABLE: "1",
    ...providerMirrorVariables(inherited, join(folder, "mirror.tfrc")),
  };
  for (const stack of readdirSync(join(outdir, "stacks")).sort()) {
    const verdict = await validateStack(join(outdir, "stacks", stack), env);
    if (verdict.kind === "skipped") {
      // What keeps one stack from being validated keeps all of them.
      console.warn(`NOT VALIDATED: ${visibleText(verdict.reason)}`);
      break;
    }
    if (verdict.kind === "valid") {
      console.log(`${stack} is valid`);
    } else {
      console.error(`${stack} is INVALID:\n${visibleProgramText(verdict.output)}`);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(folder, { recursive: true });
  if (notice !== undefined) console.log(notice);
}
