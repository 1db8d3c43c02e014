import { createRequire } from "node:module";
import { App, type AppConfig } from "cdktf";

/** cdktf's own module, of which it exports nothing: where it keeps the place of every reference that a program makes. */
const creationStacks = createRequire(import.meta.url)("cdktf/lib/tokens/private/stack-trace") as {
  captureStackTrace: () => readonly string[];
};

/**
 * The root of a CDKTF program. Of each reference, cdktf would keep the whole stack trace of its creation, to tell it when the
 * reference cannot be resolved: an eighth of the time of a synthesis, as each is mapped back to TypeScript. An error of a
 * program's own still has its trace.
 */
export const createApp = (options?: AppConfig): App => {
  creationStacks.captureStackTrace = () => [];
  return new App(options);
};
