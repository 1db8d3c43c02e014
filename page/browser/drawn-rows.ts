/** Where a list is in its window, in pixels. */
export interface ListView {
  /** How far the list's beginning is above the window's top; negative when it is below. */
  readonly top: number;
  readonly height: number;
  /** The row that is open, and how much higher than the others that makes it. */
  readonly open: { readonly index: number; readonly height: number } | undefined;
}

/** The rows of a list that are in the document. */
export interface DrawnRows {
  readonly rows: readonly { readonly index: number; readonly pixelsAbove: number }[];
  /** In the place of the rows that are left out after the last one. */
  readonly pixelsBelow: number;
}

/** A closed row with its line, as page.css has it. */
export const ROW_HEIGHT = 29;

/** A list that is not longer is drawn as a whole. */
export const ALL_DRAWN = 100;

/** The rows change by as many at a time: not with each pixel. */
const STEP = 10;

/**
 * The rows in view, and half a window's height of them on each side: what a long list costs does not depend on its length. Rows that are pinned
 * stay wherever they are: what is open, and what has the focus.
 */
export const drawnRows = (count: number, view: ListView | "all", pinned: readonly number[]): DrawnRows => {
  const isWhole = view === "all" || count <= ALL_DRAWN;
  const from = isWhole ? 0 : Math.floor(rowAt(view.top - view.height / 2, view) / STEP) * STEP;
  const to = isWhole ? count : Math.ceil((rowAt(view.top + 1.5 * view.height, view) + 1) / STEP) * STEP;
  // A list that has become shorter: until the window has moved, its last rows.
  const first = Math.max(0, Math.min(from, count - STEP));
  const indexes = new Set(pinned.filter((index) => index >= 0 && index < count));
  for (let index = first; index < Math.min(to, count); index++) indexes.add(index);

  let next = 0;
  const rows = [...indexes]
    .sort((a, b) => a - b)
    .map((index) => {
      const pixelsAbove = (index - next) * ROW_HEIGHT;
      next = index + 1;
      return { index, pixelsAbove };
    });
  return { rows, pixelsBelow: (count - next) * ROW_HEIGHT };
};

/** The row at so many pixels from the list's beginning. */
const rowAt = (pixels: number, { open }: ListView): number => {
  const row = Math.floor(pixels / ROW_HEIGHT);
  if (open === undefined || row <= open.index) return row;
  return Math.max(open.index, Math.floor((pixels - open.height) / ROW_HEIGHT));
};
