import type { FunctionCode } from "./function-code.ts";
import type { PlayContext } from "./play.ts";
import { seededRandom } from "./random.ts";
import { prepareContainers } from "./virtual-container.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** What a container takes that is not a request, in milliseconds: measured by `npm run bench`, at 256 MB's share of a CPU. */
const COLD_START_MS = 350;
const HANDLING_MS = 5;
/** DNS, TCP and TLS within a region. */
const CONNECT_MS = [10, 20] as const;

const STARTS_AT = Date.parse("2026-03-01T10:00:00Z");

/**
 * A context in simulated time: the function's own code in each container, its clock, timers and connections replaced.
 * The same seed gives the same storm.
 */
export const simulatedContext = (
  code: FunctionCode,
  seed: number,
  coldStartMs = COLD_START_MS,
): PlayContext & { readonly clock: VirtualClock } => {
  const clock = new VirtualClock(STARTS_AT);
  const random = seededRandom(seed);
  const load = prepareContainers(code);
  const pass = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      clock.after(milliseconds, resolve);
    });
  return {
    clock,
    random,
    start: async (number, environment, services) => {
      await pass(coldStartMs);
      const [least, more] = CONNECT_MS;
      const connectMs = (): number => least + more * random();
      const network = { clock, container: number, services: { ...services }, connectMs };
      const { handler } = load({ network, environment, random });
      return {
        handle: async (event) => {
          await pass(HANDLING_MS);
          return handler(event, { awsRequestId: `request-of-${number}` });
        },
      };
    },
  };
};
