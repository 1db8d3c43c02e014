/** Repeated measurements of one thing, in one unit. */
export interface Sample {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws {RangeError} when nothing was measured. */
export const summarizeSamples = (values: readonly number[]): Sample => {
  const sorted = [...values].sort((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) throw new RangeError("Nothing was measured");
  const middle = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
  return { median: middle.reduce((sum, value) => sum + value, 0) / middle.length, min, max };
};
