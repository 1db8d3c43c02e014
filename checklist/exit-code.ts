import type { Outcome } from "./check.ts";

/** What the process ends with, for scripts and workflows. */
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

export const EXIT_CODES = { fine: 0, failed: 1, mistake: 2, inconclusive: 3 } as const;

/** What all checks of a command come to together. */
export type OverallOutcome = Exclude<Outcome, "skip">;

/** A mistake decides, and then a failure; short of that, one check that could not be concluded does. */
export const overallOutcome = (outcomes: readonly Outcome[], interrupted: boolean): OverallOutcome => {
  if (outcomes.includes("mistake")) return "mistake";
  if (outcomes.includes("fail")) return "fail";
  return interrupted || outcomes.includes("inconclusive") ? "inconclusive" : "pass";
};

export const exitCodeOf = (outcome: OverallOutcome): ExitCode => {
  switch (outcome) {
    case "pass":
      return EXIT_CODES.fine;
    case "fail":
      return EXIT_CODES.failed;
    case "mistake":
      return EXIT_CODES.mistake;
    case "inconclusive":
      return EXIT_CODES.inconclusive;
  }
};
