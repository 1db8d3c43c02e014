import type { Outcome } from "./check.ts";

/** What the process ends with, for scripts and workflows. */
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

export const EXIT_CODES = { fine: 0, failed: 1, mistake: 2, inconclusive: 3 } as const;

/** One failure decides; short of that, one check that could not be concluded does. */
export const overallOutcome = (
  outcomes: readonly Outcome[],
  interrupted: boolean,
): "pass" | "fail" | "inconclusive" => {
  if (outcomes.includes("fail")) return "fail";
  return interrupted || outcomes.includes("inconclusive") ? "inconclusive" : "pass";
};

export const exitCodeOf = (outcome: "pass" | "fail" | "inconclusive"): ExitCode => {
  switch (outcome) {
    case "pass":
      return EXIT_CODES.fine;
    case "fail":
      return EXIT_CODES.failed;
    case "inconclusive":
      return EXIT_CODES.inconclusive;
  }
};
