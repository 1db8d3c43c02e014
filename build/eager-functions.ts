import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import remapping from "@jridgewell/remapping";
import { type AnyNode, parse } from "acorn";
import { fullAncestor } from "acorn-walk";
import MagicString from "magic-string";

/** A script, and what leads from it back to its sources. */
export interface MappedScript {
  readonly code: string;
  readonly sourceMap: string;
}

/** In a script: the offset of a function's first character, and of the one behind its last. */
export type FunctionRange = readonly [start: number, end: number];

/**
 * Puts the functions that run while a script loads into parentheses. V8 only looks for the end of a function that it meets, and parses
 * it again once it is called; one in parentheses it takes for one that is called at once, and parses it once
 * (https://v8.dev/blog/preparser#pife). Declarations and methods stay as they are: parentheses would make something else of them.
 */
export const compileEagerly = (
  { code, sourceMap }: MappedScript,
  functions: readonly FunctionRange[],
): MappedScript => {
  const ranges = new Set(functions.map(String));
  const text = new MagicString(code);
  fullAncestor(parse(code, { ecmaVersion: "latest" }), ({ type, start, end }, _state, ancestors) => {
    if (type !== "FunctionExpression" && type !== "ArrowFunctionExpression") return;
    if (isMethod(ancestors.at(-2))) return;
    if (ranges.has(String([start, end]))) text.appendRight(start, "(").appendLeft(end, ")");
  });
  const moved = text.generateMap({ hires: "boundary" }).toString();
  return { code: text.toString(), sourceMap: remapping([moved, sourceMap], () => null).toString() };
};

/** Whether a function in it is its method: for acorn that is a function expression, too. */
const isMethod = (parent: AnyNode | undefined): boolean =>
  parent?.type === "MethodDefinition" ||
  (parent?.type === "Property" && (parent.method || parent.kind !== "init"));

/**
 * The functions that run while a CommonJS script loads, found by loading it in a process of its own. They are the same each time.
 * @param environment that process's whole environment.
 * @throws {Error} when the script cannot be loaded.
 */
export const functionsAtLoad = async (
  code: string,
  environment: Readonly<Record<string, string>>,
): Promise<FunctionRange[]> => {
  const folder = await mkdtemp(join(resolve(tmpdir()), "functions-at-load-"));
  try {
    const path = join(folder, SCRIPT);
    const coverage = join(folder, "coverage");
    await writeFile(path, code);
    await promisify(execFile)(process.execPath, ["--require", path, "--eval", EXIT], {
      env: { ...environment, NODE_V8_COVERAGE: coverage },
    }).catch((error: unknown) => {
      const { message, stderr = message } = error as Error & { readonly stderr?: string };
      throw new Error(
        `The bundle cannot be loaded with ${Object.keys(environment).join(", ")} alone:\n${clipLines(stderr)}`,
      );
    });
    const [report = ""] = await readdir(coverage);
    const { result } = JSON.parse(await readFile(join(coverage, report), "utf8")) as Coverage;
    // By its name: the folder may have another one, as where the temporary folder is a link.
    const script = result.find(({ url }) => url.endsWith(`/${SCRIPT}`));
    if (script === undefined) throw new Error("Node.js does not say which functions ran");
    return script.functions
      .map(({ ranges }) => ranges[0])
      .filter(({ count }) => count > 0)
      .map(({ startOffset, endOffset }) => [startOffset, endOffset]);
  } finally {
    await rm(folder, { recursive: true });
  }
};

const SCRIPT = "script.cjs";

/** Node.js prints the line where an error was thrown: of a bundle, up to all of it. */
const clipLines = (text: string): string => text.replaceAll(/^(.{300}).+$/gm, "$1…");

/** Once the promises are done that wait for nothing outside the process: what else comes, comes at its own time. */
const EXIT = "queueMicrotask(() => process.nextTick(() => process.exit()))";

/** What Node.js writes where NODE_V8_COVERAGE says; of a function's ranges, the first is the whole of it. */
interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly ranges: readonly [
        { readonly startOffset: number; readonly endOffset: number; readonly count: number },
      ];
    }[];
  }[];
}
