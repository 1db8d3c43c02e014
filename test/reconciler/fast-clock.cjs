/** Loaded before the function: what takes over 20 s, such as its deadlines, comes twenty times as fast. */
const wait = globalThis.setTimeout;
globalThis.setTimeout = (callback, milliseconds, ...rest) =>
  wait(callback, milliseconds >= 20_000 ? milliseconds / 20 : milliseconds, ...rest);
