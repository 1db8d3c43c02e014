/**
 * Turns a workflow's inputs into options: GitHub hands an input that was left empty over as `""` and a checkbox as `true` or
 * `false`. `--to=` and `--confirm-window=false` were not given, `--confirm-window=true` is `--confirm-window`. So a workflow can
 * name all its inputs, and needs no logic of its own.
 */
export const givenOptions = (args: readonly string[]): string[] =>
  args.flatMap((arg) => {
    if (/^--[a-z-]+=(false)?$/.test(arg)) return [];
    return [arg.replace(/^(--[a-z-]+)=true$/, "$1")];
  });
