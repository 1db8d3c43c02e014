import { createOpsProgram } from "../ops/cli/program.ts";
import { flagsOf } from "./given-options.ts";

/** The options of the operator's commands that take no value. */
export const operatorFlags = (): ReadonlySet<string> =>
  flagsOf(
    createOpsProgram({
      run: () => Promise.resolve(),
      writeHelp: () => undefined,
      writeComplaint: () => undefined,
    }),
  );
