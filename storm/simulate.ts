import { missedGoals } from "./missed-goals.ts";
import { playScenario } from "./play.ts";
import type { ScenarioResult } from "./report.ts";
import type { Scenario } from "./scenario.ts";
import { simulatedContext } from "./simulated-context.ts";

/** Plays a scenario in simulated time. The same bundle and seed give the same result. */
export const simulate = async (
  bundle: string,
  scenario: Scenario,
  seed: number,
  progress: (settled: number) => void = () => undefined,
  coldStartMs?: number,
): Promise<ScenarioResult> => {
  const context = simulatedContext(
    withThrottlingDelay(bundle, scenario.throttlingDelayMs),
    seed,
    coldStartMs,
  );
  const playing = playScenario(scenario, context, progress);
  await context.clock.until(playing);
  const measured = await playing;
  return { scenario, measured, missed: missedGoals(scenario.goals, measured) };
};

const THROTTLING_DELAY = /(static throttlingDelay\(\)\{return) ?1e3\}/;

const withThrottlingDelay = (bundle: string, milliseconds: number | undefined): string => {
  if (milliseconds === undefined) return bundle;
  if (!THROTTLING_DELAY.test(bundle))
    throw new Error("The SDK no longer says how long it waits when throttled");
  return bundle.replace(THROTTLING_DELAY, `$1 ${milliseconds}}`);
};
