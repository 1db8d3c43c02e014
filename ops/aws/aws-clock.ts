import type { Clock } from "../../checklist/clock.ts";
import { dateHeaderOf } from "../../reconcile/server-time.ts";
import type { Aws } from "./clients.ts";

/**
 * A clock that is set by the Date header of AWS's answers. CloudWatch, the log and the alias count by AWS's time; an operator's
 * machine may be minutes away from it, and a look back by its clock would judge another hour.
 *
 * Until AWS has answered, it is the machine's clock. The header has whole seconds: a smaller difference is none.
 */
export const followAwsClock = (aws: Aws, clock: Clock): Clock => {
  let aheadMs = 0;
  for (const client of Object.values(aws) as Aws["sts"][])
    client.middlewareStack.add(
      (next) => async (args) => {
        const output = await next(args);
        const seconds = Date.parse(dateHeaderOf(output.response) ?? "");
        const measuredMs = seconds + 500 - clock.now().getTime();
        if (Math.abs(measuredMs - aheadMs) > TOLERANCE_MS) aheadMs = measuredMs;
        return output;
      },
      { step: "deserialize", name: "followAwsClock", override: true },
    );
  return {
    now: () => new Date(clock.now().getTime() + aheadMs),
    wait: (milliseconds, signal) => clock.wait(milliseconds, signal),
  };
};

/** What a whole second and the way of the answer may come to. */
const TOLERANCE_MS = 2000;
