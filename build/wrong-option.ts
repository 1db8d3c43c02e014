/** Whether `parseArgs` of node:util refused an option: whoever typed it needs no stack trace. */
export const isWrongOption = (error: unknown): error is TypeError =>
  error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS_");
