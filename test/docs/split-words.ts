/**
 * Splits one simple shell command into its words, quotes taken off; undefined when it is more than that: a pipe, a list, a
 * substitution, a redirection. Comments are left out.
 */
export const splitWords = (command: string): readonly string[] | undefined => {
  const words: string[] = [];
  let rest = command.trim();
  while (rest !== "" && !rest.startsWith("#")) {
    const [word] = /^(?:[^\s"'$`|&;<>()\\]|"[^"$`\\]*"|'[^']*')+/.exec(rest) ?? [];
    if (word === undefined) return undefined;
    words.push(
      word.replaceAll(
        /"([^"]*)"|'([^']*)'/g,
        (_, double?: string, single?: string) => double ?? single ?? "",
      ),
    );
    const after = rest.slice(word.length);
    if (after !== "" && !/^\s/.test(after)) return undefined;
    rest = after.trim();
  }
  return words;
};
