import type { Environment } from "./environment.ts";
import schema from "./environment.schema.json" with { type: "json" };

/** A runtime of Lambda that the functions may run on. */
export type Runtime = NonNullable<Environment["function"]["runtime"]>;

const DEFAULT_RUNTIME: Runtime = "nodejs24.x";

/** What an environment's functions run on. */
export const runtimeOf = ({ function: { runtime = DEFAULT_RUNTIME } }: Environment): Runtime => runtime;

/** Major versions of Node.js, `22`, of the runtimes that the schema allows: the lowest is what the zip must run on. */
export const lowestNodeVersion: number = Math.min(
  ...schema.properties.function.properties.runtime.enum.map((runtime) =>
    Number(runtime.replace(/^nodejs(\d+)\.x$/, "$1")),
  ),
);
