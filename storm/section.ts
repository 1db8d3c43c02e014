import { markdownTable } from "markdown-table";
import { recordedSection } from "./recorded-section.ts";
import { HEAD, type ScenarioResult, rowOf } from "./report.ts";

/** The storm's section of docs/performance.md. */
export const STORM_SECTION = recordedSection("npm run storm", "--docs");

/** The section for these results, in Markdown. */
export const stormSection = (date: string, seed: number, results: readonly ScenarioResult[]): string =>
  STORM_SECTION.enclose(`## In a storm

Recorded by \`npm run storm -- --docs\` on ${date}, seed ${seed}. Half of the events start a deployment, half report tasks that
cannot start; each is of another service. ECS allows 20 \`ListTagsForResource\` a second, 50 at once.

${markdownTable([[...HEAD], ...results.map(rowOf)], { align: ["l", ...HEAD.slice(1).map(() => "r")] })}

A lag is the time from an event's arrival at Lambda until it was handled; dead letters have none. The last column says whether the
goals of \`storm/scenario.ts\` are reached. The scenarios without the directory (\`--check-model\`) check the simulation against another model of the same storm, which
gave 161 dead letters for w1, 1,210 dead letters and 7,392 handler errors for w2, and none for w3. That model waited up to 500 ms
after the first refusal, the SDK's default before November 2026, and so do these; all others wait as the bundled SDK does, up to
[1,000 ms](https://aws.amazon.com/blogs/developer/updated-default-retry-behavior-for-aws-sdks-and-tools/).

How it is simulated: the function's files are loaded once for each container, with their clock, timers, random numbers and
\`node:https\` replaced. Time stands still while code runs and jumps to the next timer. All else in a container is the deployed
code: the SDK signs, sends, times out and retries its requests. DynamoDB is dynalite's validation and expressions over tables in
memory, ECS a token bucket. A request takes 4 to 12 ms at DynamoDB, 25 to 55 ms at ECS, a new connection 10 to 30 ms, a cold start
350 ms and the handler's own work 5 ms. Lambda starts a container when none is free, at most 1,000, gives it one event at a time,
and tries again 60 and 120 s after an error. Rows and directory items are what the function itself wrote an hour earlier.
\`npm run storm -- --real\` plays a smaller storm both ways, simulated and in real time with a process for each container and HTTP
between them, and fails when the real storm is more than a quarter outside the range of ten simulations.`);
