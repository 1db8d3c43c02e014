import type { FunctionCode } from "./function-code.ts";
import { missedGoals } from "./missed-goals.ts";
import { playScenario } from "./play.ts";
import type { ScenarioResult } from "./report.ts";
import type { Scenario } from "./scenario.ts";
import { simulatedContext } from "./simulated-context.ts";

/** Plays a scenario in simulated time. The same code and seed give the same result. */
export const simulate = async (
  code: FunctionCode,
  scenario: Scenario,
  seed: number,
  progress: (settled: number) => void = () => undefined,
  coldStartMs?: number,
): Promise<ScenarioResult> => {
  const context = simulatedContext(withThrottlingDelay(code, scenario.throttlingDelayMs), seed, coldStartMs);
  const playing = playScenario(scenario, context, progress);
  await context.clock.until(playing);
  const measured = await playing;
  return { scenario, measured, missed: missedGoals(scenario.goals, measured) };
};

const THROTTLING_DELAY = /(static throttlingDelay\(\)\{return) ?1e3\}/;

const withThrottlingDelay = (code: FunctionCode, milliseconds: number | undefined): FunctionCode => {
  if (milliseconds === undefined) return code;
  if (!Object.values(code).some((text) => THROTTLING_DELAY.test(text)))
    throw new Error("The SDK no longer says how long it waits when throttled");
  return Object.fromEntries(
    Object.entries(code).map(([name, text]) => [name, text.replace(THROTTLING_DELAY, `$1 ${milliseconds}}`)]),
  );
};
