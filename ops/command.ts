import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Checklist } from "../checklist/stage.ts";
import { listEnvironments } from "../envs/load.ts";
import type { Context } from "./context.ts";

/** What the help says of a command. */
export interface CommandHelp {
  /** As typed: `verify`, `dlq replay`. */
  readonly name: string;
  /** For the list of commands. */
  readonly summary: string;
  /** For its own help: what it does, what it changes, what its exit codes mean. */
  readonly description: string;
  /** As typed after `npm run ops -- `. */
  readonly examples: readonly string[];
}

/** A command for an environment, `<name> <environment>`: all that there is to know of it. */
export interface EnvironmentCommand<Options extends CommonOptions> extends CommandHelp, Habits<Options> {
  /** Adds its own; {@link noOptions} if it has none. */
  readonly options: (command: BareEnvironmentCommand) => Command<[string], Options>;
  /** Makes its checklist; asks AWS nothing yet. @throws {OperatorError} for what the operator got wrong. */
  readonly plan: (context: Context, options: Options) => Checklist | Promise<Checklist>;
}

/** A command whose one argument is something else; it finds out itself which environment it is for. */
export interface FreeCommand<Argument, Options extends CommonOptions> extends CommandHelp, Habits<Options> {
  readonly parameters: (command: BareCommand) => Command<[Argument], Options>;
  /** The environment's name, unchecked. @throws {OperatorError} when it cannot be told. */
  readonly environment: (argument: Argument, options: Options) => string;
  readonly plan: (context: Context, options: Options, argument: Argument) => Checklist | Promise<Checklist>;
}

interface Habits<Options> {
  /** Whether it changes nothing, this time; as `--dry-run` says if that is among its options. */
  readonly isDryRun?: (options: Options) => boolean;
  /** It runs programs that write to the terminal themselves: plain lines go better with that than a live list. */
  readonly runsPrograms?: true;
}

// eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- commander wants an index signature, which only a type has
export type CommonOptions = {
  readonly json?: true | undefined;
  readonly audit?: string | undefined;
  readonly dryRun?: boolean | undefined;
};

/** A command as the program takes it. */
export interface DeclaredCommand {
  readonly name: string;
  /** @param run carries it out, once the command line has been understood. */
  readonly create: (run: RunCommand) => CommandUnknownOpts;
}

export type RunCommand = (invocation: ParsedCommand) => Promise<void>;

/** What a command line has come to. */
export interface ParsedCommand {
  readonly command: string;
  /** The environment's name, unchecked. */
  readonly environment: string;
  readonly json: boolean;
  /** The file that keeps what was done. */
  readonly audit: string | undefined;
  readonly dryRun: boolean;
  readonly runsPrograms: boolean;
  readonly plan: (context: Context) => Checklist | Promise<Checklist>;
}

/** The help of `--dry-run`. */
export const DRY_RUN = "say what would change, and change nothing";

export const declareEnvironmentCommand = <Options extends CommonOptions>({
  options,
  ...declaration
}: EnvironmentCommand<Options>): DeclaredCommand =>
  declareCommand({
    ...declaration,
    parameters: (command) => options(withEnvironment(command)),
    environment: (argument) => argument,
  });

/** For a command that has only those that all have. */
export const noOptions = (command: BareEnvironmentCommand) => command;

export const declareCommand = <Argument, Options extends CommonOptions>({
  isDryRun = ({ dryRun = false }) => dryRun,
  runsPrograms,
  ...declaration
}: FreeCommand<Argument, Options>): DeclaredCommand => ({
  name: declaration.name,
  create: (run) =>
    declaration.parameters(createBareCommand(declaration)).action((argument, options) =>
      run({
        command: declaration.name,
        environment: declaration.environment(argument, options),
        json: options.json ?? false,
        audit: options.audit,
        dryRun: isDryRun(options),
        runsPrograms: runsPrograms ?? false,
        plan: (context) => declaration.plan(context, options, argument),
      }),
    ),
});

/** A command for one thing of an environment: `<name> <environment> <subject>`. */
export interface SubjectCommand<Subject, Options extends CommonOptions> extends CommandHelp {
  readonly parameters: (command: BareEnvironmentCommand) => Command<[string, Subject], Options>;
  readonly plan: (context: Context, options: Options, subject: Subject) => Checklist;
  /** It prints as it goes. */
  readonly runsPrograms?: true;
}

export const declareSubjectCommand = <Subject, Options extends CommonOptions>({
  parameters,
  plan,
  runsPrograms,
  ...help
}: SubjectCommand<Subject, Options>): DeclaredCommand => ({
  name: help.name,
  create: (run) =>
    parameters(withEnvironment(createBareCommand(help))).action((environment, subject, options) =>
      run({
        command: help.name,
        environment,
        json: options.json ?? false,
        audit: options.audit,
        dryRun: false,
        runsPrograms: runsPrograms ?? false,
        plan: (context) => plan(context, options, subject),
      }),
    ),
});

/** Commands under one word, such as `dlq count` and `dlq replay`. */
export const declareGroup = (
  { name, summary, description }: Omit<CommandHelp, "examples">,
  commands: readonly DeclaredCommand[],
): DeclaredCommand => ({
  name,
  create: (run) => {
    const group = new Command(name).summary(summary).description(description);
    for (const command of commands) group.addCommand(command.create(run));
    return group;
  },
});

const createBareCommand = ({ name, summary, description, examples }: CommandHelp) =>
  new Command(name.split(" ").at(-1))
    .summary(summary)
    .description(description)
    .option("--json", "print one JSON object and nothing else")
    .option("--audit <file>", "append who did what, when, and the result, as lines of JSON")
    .addHelpText(
      "after",
      `\nExamples:\n${examples.map((example) => `  $ npm run ops -- ${example}`).join("\n")}`,
    );

const withEnvironment = (command: BareCommand) => command.argument("<environment>", ENVIRONMENTS);

/** Every command's help has them: the folder is read once. */
const ENVIRONMENTS = listEnvironments().join(", ");

type BareCommand = ReturnType<typeof createBareCommand>;
type BareEnvironmentCommand = ReturnType<typeof withEnvironment>;
