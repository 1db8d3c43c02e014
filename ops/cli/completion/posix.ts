/** How the scripts of bash and zsh begin: `ops` itself, and what can be typed at each place. */
export const posixBeginning = (
  shell: string,
  table: string,
): string => `# Completion of ops in ${shell}: eval "$(npm run --silent ops -- completion ${shell})"
ops() { npm run --silent ops -- "$@"; }

_ops_candidates() {
  case "$1" in
${table}
  *) return 1 ;;
  esac
}`;

/** A branch of a `case` of bash and zsh. */
export const posixBranch = (place: string, lines: readonly string[]): string =>
  `  ${quote(place)}) ${lines.length === 0 ? ":" : `printf '%s\\n' ${lines.map(quote).join(" ")}`} ;;`;

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
