/** A branch of a `case` of bash and zsh. */
export const posixBranch = (place: string, lines: readonly string[]): string =>
  `  ${quote(place)}) ${lines.length === 0 ? ":" : `printf '%s\\n' ${lines.map(quote).join(" ")}`} ;;`;

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
