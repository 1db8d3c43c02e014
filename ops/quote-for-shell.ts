/** For a command that is to be typed: others chose the text. */
export const quoteForShell = (text: string): string =>
  /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
