/** `/` searches, the arrows go from tenant to tenant, Escape closes what is open. */
export const followKeys = (root: HTMLElement, close: () => void): void => {
  root.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (!(target instanceof HTMLElement) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (key === "Escape") {
      close();
      return;
    }
    if (!target.classList.contains("row")) return;
    const rows = [...root.querySelectorAll<HTMLElement>("button.row")];
    const next = {
      ArrowDown: rows.indexOf(target) + 1,
      ArrowUp: rows.indexOf(target) - 1,
      Home: 0,
      End: rows.length - 1,
    }[key];
    if (next === undefined) return;
    event.preventDefault();
    rows[next]?.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    document.getElementById("search")?.focus();
  });
};
