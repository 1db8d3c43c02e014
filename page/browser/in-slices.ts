/** How long a slice takes before the browser may draw and hear keys again: 50 ms would be felt. */
const SLICE_MS = 10;

export interface Slicing {
  /** Milliseconds since any moment. */
  readonly now: () => number;
  /** Resolves after what else the browser has to do. */
  readonly rest: () => Promise<void>;
}

/** Makes one thing of each item, and rests before, after, and each time that a slice is over. */
export const inSlices = async <Item, Made>(
  items: readonly Item[],
  make: (item: Item) => Made,
  { now, rest }: Slicing,
): Promise<readonly Made[]> => {
  const made: Made[] = [];
  await rest();
  let begin = now();
  for (const item of items) {
    if (now() - begin >= SLICE_MS) {
      await rest();
      begin = now();
    }
    made.push(make(item));
  }
  await rest();
  return made;
};
