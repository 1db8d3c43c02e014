/** An order of texts, for `sort`: by their characters' codes, the same on every machine. Times in ISO 8601 are in the order of time. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
