/**
 * What a program itself wrote to its standard error: without what Node.js adds about deprecations, its own and those of packages,
 * which differs from version to version and is no concern of ours.
 */
export const withoutWarnings = (stderr: string): string =>
  stderr
    // Of several lines, up to the hint that follows the first warning of its kind.
    .replaceAll(/^\(node:\d+\) .*\n(?:(?!\(node:).*\n)*?\(Use `\S+ --trace-.*\n/gm, "")
    .replaceAll(/^\(node:\d+\) .*\n/gm, "");
