import type { CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import type { Environment } from "../../../envs/environment.ts";

/** A word that can be typed, and what it means. */
export interface Completion {
  readonly word: string;
  readonly meaning: string;
}

/** What can be typed at a place of the command line: one of these words, or the name of a file or folder. */
export type Completions = readonly Completion[] | "files" | "folders";

/**
 * What can be typed, by the place where it is typed:
 * `command dlq peek` is there for each command, without words: it says that the words so far are one;
 * `commands dlq` has the commands of a group; `options dlq peek` all options of a command;
 * `value dlq peek --save` is there for each option that takes a value, and `argument dlq peek 0` for each argument.
 */
export type CompletionPlaces = ReadonlyMap<string, Completions>;

/** All places of a program, by what commander knows of it. Pure. */
export const placesOf = (
  program: CommandUnknownOpts,
  environments: readonly Environment[],
): CompletionPlaces => {
  const known: ReadonlyMap<string, Completions> = new Map<string, Completions>([
    ["environment", environments.map(({ environment }) => ({ word: environment, meaning: "" }))],
    [
      "preset",
      environments
        .filter(({ promotion }) => promotion !== undefined)
        .map(({ environment }) => ({ word: `to-${environment}`, meaning: "" })),
    ],
    ["file", "files"],
    ["folder", "folders"],
  ]);
  const candidatesOf = (name: string, choices: readonly string[] | undefined): Completions =>
    choices?.map((word) => ({ word, meaning: "" })) ?? known.get(name) ?? [];

  const placesBelow = (command: CommandUnknownOpts, path: readonly string[]): CompletionPlace[] => {
    const place = (
      candidates: Completions,
      kind: string,
      ...more: readonly (string | number)[]
    ): CompletionPlace => [[kind, ...path, ...more].join(" "), candidates];
    const options = command.createHelp().visibleOptions(command);
    const { commands, registeredArguments } = command;
    return [
      place([], "command"),
      ...(commands.length === 0 ? [] : [place(commands.map(describeCommand), "commands")]),
      place(options.map(describeOption), "options"),
      ...options
        .filter(({ required, optional }) => required || optional)
        .map((option) =>
          place(candidatesOf(placeholderOf(option), option.argChoices), "value", wordOf(option)),
        ),
      ...registeredArguments.map((argument, index) =>
        place(candidatesOf(argument.name(), argument.argChoices), "argument", index),
      ),
      ...commands.flatMap((each) => placesBelow(each, [...path, each.name()])),
    ];
  };
  return new Map(placesBelow(program, []));
};

type CompletionPlace = [string, Completions];

const describeCommand = (command: CommandUnknownOpts): Completion => ({
  word: command.name(),
  meaning: command.summary(),
});

const describeOption = (option: Option): Completion => ({
  word: wordOf(option),
  meaning: option.description,
});

const wordOf = ({ long, short }: Option): string => long ?? short ?? "";

/** `--save <folder>`: folder. */
const placeholderOf = ({ flags }: Option): string => /[<[]([\w-]+)/.exec(flags)?.[1] ?? "";
