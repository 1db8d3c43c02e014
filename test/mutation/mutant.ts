/** A small change of the code. */
export interface Mutant {
  /** As Stryker takes it: lines from one, columns from zero; `handler/event-time.ts:12:4-12:19`. */
  readonly range: string;
  readonly mutator: string;
  readonly replacement: string;
}

/**
 * Whether a test noticed. A static mutant takes effect while its module is loaded: each costs a process of its own, in which all
 * tests run. What does not compile, or is waived by a comment, is not tried.
 */
export type Fate = "noticed" | "unnoticed" | "static, left out" | "not tried";

interface Place {
  readonly line: number;
  readonly column: number;
}

/** A range has several mutants. */
export const keyOf = ({ range, mutator, replacement }: Mutant): string =>
  `${range} ${mutator} ${replacement}`;

/** @param location as in Stryker's results, where lines and columns count from one. */
export const rangeOf = (
  file: string,
  { start, end }: { readonly start: Place; readonly end: Place },
): string => `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;

/** What Stryker says of a mutant. */
interface StrykerResult {
  readonly status: string;
  readonly statusReason?: string;
  /** It took effect while a module was loaded, perhaps not only then. */
  readonly static?: boolean;
}

/** @param withoutStatic when they were left out: then what is static, too, was tried with its module as it is. */
export const fateOf = (
  { status, statusReason = "", static: isStatic = false }: StrykerResult,
  withoutStatic: boolean,
): Fate => {
  switch (status) {
    case "Killed":
    case "Timeout": // a loop that no longer ends
    case "RuntimeError":
      return "noticed";
    case "Survived":
      return isStatic && withoutStatic ? "static, left out" : "unnoticed";
    case "NoCoverage":
      return "unnoticed";
    default:
      return statusReason.startsWith("Static mutant") ? "static, left out" : "not tried";
  }
};
