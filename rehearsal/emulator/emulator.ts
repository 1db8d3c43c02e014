/** Something that answers as AWS does. It hands each invocation of a function to the runner, as moto_mended.py does. */
export interface Emulator {
  readonly endpoint: string;
  /** Ends it and starts it again, at the same address and with all that it knew; absent when it is not ours. */
  readonly restart?: (whileAway: () => Promise<void>) => Promise<void>;
  /** Ends it, if it is ours. */
  readonly stop: () => Promise<void>;
}
