import { HOUR_MS, MINUTE_MS } from "../../checklist/durations.ts";

/** How long it has been, as people say it: `42 s`, `12 min`, `3 h 5 min`, `12 d`; empty for what is no time. */
export const timeSince = (iso: string | undefined, now: Date): string => {
  const ms = Math.max(0, now.getTime() - Date.parse(iso ?? ""));
  if (Number.isNaN(ms)) return "";
  if (ms < MINUTE_MS) return `${Math.floor(ms / 1000)} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) return `${Math.floor(ms / HOUR_MS)} h ${Math.floor((ms % HOUR_MS) / MINUTE_MS)} min`;
  return `${Math.floor(ms / DAY_MS)} d`;
};

const DAY_MS = 24 * HOUR_MS;
