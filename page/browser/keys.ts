export interface KeyActions {
  readonly close: () => void;
  /** Whether the browser's own search would miss what is not in the document. */
  readonly hidesRows: () => boolean;
  /** Goes to a row by its place among all: it may not be drawn yet. */
  readonly goTo: (index: number) => void;
}

/**
 * `/` searches, the arrows go from tenant to tenant, Escape closes what is open. Ctrl+F searches here, too, where the browser would not find
 * all; once more, and the browser searches.
 */
export const followKeys = (root: HTMLElement, { close, goTo, hidesRows }: KeyActions): void => {
  root.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (!(target instanceof HTMLElement) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (key === "Escape") {
      close();
      return;
    }
    if (!target.classList.contains("row")) return;
    const index = Number(target.dataset["index"]);
    const next = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      Home: 0,
      End: Number.POSITIVE_INFINITY,
    }[key];
    if (next === undefined) return;
    event.preventDefault();
    goTo(next);
  });
  document.addEventListener("keydown", (event) => {
    const isFind = (event.ctrlKey || event.metaKey) && event.key === "f" && hidesRows();
    const isSlash = event.key === "/" && !(event.target instanceof HTMLInputElement);
    const search = document.getElementById("search");
    if (!(isSlash || isFind) || document.activeElement === search) return;
    event.preventDefault();
    search?.focus();
  });
};
