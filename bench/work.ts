import { join } from "node:path";
import { REPOSITORY } from "../build/handler-bundle.ts";

/** Where the benchmarks put what they build and download. */
export const WORK = join(REPOSITORY, "dist", "bench");
