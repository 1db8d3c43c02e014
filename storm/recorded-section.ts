/** A part of a document that one command records; what else is in the document stays. */
export interface RecordedSection {
  /** With the comments that it is found by. */
  readonly enclose: (content: string) => string;
  /** As it stands in a document; empty when there is none yet. */
  readonly of: (document: string) => string;
  /** Puts an enclosed section in the place of the one that a document has, or at its end. */
  readonly put: (document: string, section: string) => string;
}

/** @param command such as `npm run storm` */
export const recordedSection = (command: string, options: string): RecordedSection => {
  const begin = `<!-- recorded by: ${command} -- ${options} -->`;
  const end = `<!-- end of what ${command} records -->`;
  const of = (document: string): string => {
    const from = document.indexOf(begin);
    // One command may record several sections.
    const to = document.indexOf(end, from);
    return from < 0 || to < 0 ? "" : document.slice(from, to + end.length);
  };
  return {
    enclose: (content) => `${begin}\n\n${content}\n\n${end}`,
    of,
    put: (document, section) => {
      const present = of(document);
      return present === ""
        ? `${document.trimEnd()}\n\n${section}\n`
        : document.replace(present, () => section);
    },
  };
};
