import { type HandlerLogLine, patternOf, readLogLines } from "../aws/cloudwatch/log-lines.ts";
import { HOUR_MS } from "../../checklist/durations.ts";
import type { Context } from "../context.ts";
import { isLineOf } from "./log-subject.ts";

/** How far back to look, step by step: CloudWatch reads a log from its oldest line on. */
const STEPS_MS = [HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS] as const;

const SHOWN = 10;

/** A tenant's last lines of the last day, the latest last. */
export const lastLinesOf = async (context: Context, tenantId: string): Promise<readonly HandlerLogLine[]> => {
  const now = context.clock.now().getTime();
  let found: readonly HandlerLogLine[] = [];
  let to = now;
  for (const step of STEPS_MS) {
    const lines: HandlerLogLine[] = [];
    const window = {
      from: new Date(now - step),
      to: new Date(to),
      filterPattern: patternOf({ tenantId }),
    };
    for await (const line of readLogLines(context, window))
      if (isLineOf(line, { tenantId })) lines.push(line);
    found = [...lines, ...found];
    if (found.length >= SHOWN) break;
    to = now - step - 1;
  }
  return found.slice(-SHOWN);
};
