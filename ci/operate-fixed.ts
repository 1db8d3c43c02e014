import { StepError } from "./errors.ts";
import { FIXED_COMMANDS, type FixedCommand, findFixedCommand } from "./fixed-commands.ts";
import { codeInMarkdown, textInMarkdown } from "./markdown.ts";
import { operate, transcriptInMarkdown } from "./operate.ts";
import { requireVariable, type StepContext, summarize } from "./step-context.ts";

/** A job that looks has a role that only reads; one that changes has had its approval. */
export const INTENTIONS = ["look", "change"] as const;
type Intention = (typeof INTENTIONS)[number];

/**
 * Runs one of a fixed list of the operator's commands for a person who has no credentials of the account, and records who, and why.
 * @returns the command's exit code.
 * @throws {StepError} when the command is not on the list, or changes something in a job that only looks.
 */
export const operateFixed = async (
  context: StepContext,
  intention: Intention,
  environment: string,
  command: string,
): Promise<number> => {
  const known = findFixedCommand(command);
  if (known === undefined)
    throw new StepError(`Unknown command ${JSON.stringify(command.slice(0, 80))}`, {
      hint: `Choose one of: ${Object.keys(FIXED_COMMANDS).join(", ")}`,
    });
  const { args, changes } = FIXED_COMMANDS[known];
  if (changes !== (intention === "change"))
    throw new StepError(`"${known}" ${changes ? "changes something" : "changes nothing"}`, {
      hint: `Its job is that for \`${changes ? "change" : "look"}\``,
    });

  const reason = requireVariable(context, "REASON");
  const actor = requireVariable(context, "GITHUB_ACTOR");
  const given = givenTo(known, context, reason);
  const { exitCode, transcript } = await operate([...args, environment, ...given], context);
  summarize(
    context,
    [
      `### ${codeInMarkdown(subjectOf(known, context))} in ${environment}`,
      `By ${textInMarkdown(actor)}: ${textInMarkdown(reason.slice(0, 1000))}`,
      transcriptInMarkdown(transcript),
    ].join("\n\n"),
  );
  return exitCode;
};

/** What a person has typed besides. It comes by variables and goes into no shell. */
const givenTo = (command: FixedCommand, context: StepContext, reason: string): readonly string[] => {
  if (command === "release --again") return [`--reason=${reason}`];
  // An id that begins with a hyphen is no option.
  return command === "tenant" ? ["--", requireVariable(context, "TENANT")] : [];
};

const subjectOf = (command: FixedCommand, context: StepContext): string =>
  command === "tenant" ? `tenant ${requireVariable(context, "TENANT").slice(0, 300)}` : command;
