import type { Context } from "../../context.ts";

/** What a question about the function needs of a command's context. */
export type LambdaContext = Pick<Context, "aws" | "names" | "environment" | "signal">;
