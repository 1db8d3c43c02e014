import { marked, type Token } from "marked";

/** The kinds of tokens that Markdown makes of a text, inner ones included. */
export const kindsIn = (markdown: string): Set<string> => {
  const kinds = new Set<string>();
  void marked.walkTokens(marked.lexer(markdown), ({ type }: Token) => {
    kinds.add(type);
  });
  return kinds;
};
