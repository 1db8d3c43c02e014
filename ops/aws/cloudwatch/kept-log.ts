import type { Environment } from "../../../envs/environment.ts";
import { HOUR_MS } from "../../../checklist/durations.ts";

/** `; the log keeps 14 days only`, where somebody looks further back: what is older is gone. */
export const describeKeptLog = (
  { logRetentionDays }: Pick<Environment, "logRetentionDays">,
  lookbackMs: number,
): string =>
  lookbackMs > logRetentionDays * 24 * HOUR_MS ? `; the log keeps ${logRetentionDays} days only` : "";
