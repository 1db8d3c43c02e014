import { missedGoals } from "./missed-goals.ts";
import { play } from "./play.ts";
import type { Result } from "./report.ts";
import type { Scenario } from "./scenario.ts";
import { simulatedStage } from "./simulated-stage.ts";

/** Plays a scenario in simulated time. The same bundle and seed give the same result. */
export const simulate = async (
  bundle: string,
  scenario: Scenario,
  seed: number,
  progress: (settled: number) => void = () => undefined,
  coldStartMs?: number,
): Promise<Result> => {
  const stage = simulatedStage(withThrottlingDelay(bundle, scenario.throttlingDelayMs), seed, coldStartMs);
  const playing = play(scenario, stage, progress);
  await stage.clock.until(playing);
  const outcome = await playing;
  return { scenario, outcome, missed: missedGoals(scenario.goals, outcome) };
};

const THROTTLING_DELAY = /(static throttlingDelay\(\)\{return) ?1e3\}/;

const withThrottlingDelay = (bundle: string, milliseconds: number | undefined): string => {
  if (milliseconds === undefined) return bundle;
  if (!THROTTLING_DELAY.test(bundle))
    throw new Error("The SDK no longer says how long it waits when throttled");
  return bundle.replace(THROTTLING_DELAY, `$1 ${milliseconds}}`);
};
