import type { CommandUnknownOpts } from "@commander-js/extra-typings";

/**
 * Turns a workflow's inputs into options: GitHub hands an input that was left empty over as `""` and a checkbox as `true` or
 * `false`. `--to=` and `--confirm-window=false` were not given, `--confirm-window=true` is `--confirm-window`. So a workflow can
 * name all its inputs, and needs no logic of its own.
 * @param flags the options that take no value, such as `--confirm-window`. The value of any other is text, `true` and `false` too.
 */
export const givenOptions = (args: readonly string[], flags: ReadonlySet<string>): string[] =>
  args.flatMap((arg) => {
    const [, option = "", value] = /^(--[a-z-]+)=(true|false|)$/.exec(arg) ?? [];
    if (value === "" || (value === "false" && flags.has(option))) return [];
    return [value === "true" && flags.has(option) ? option : arg];
  });

/** The options of a program and of its subcommands that take no value. */
export const flagsOf = (program: CommandUnknownOpts): ReadonlySet<string> =>
  new Set(
    withSubcommands(program).flatMap(({ options }) =>
      options.flatMap((option) => (option.isBoolean() && option.long !== undefined ? [option.long] : [])),
    ),
  );

const withSubcommands = (command: CommandUnknownOpts): CommandUnknownOpts[] => [
  command,
  ...command.commands.flatMap(withSubcommands),
];
