import type { Day, MaintenanceWindow } from "../../envs/environment.ts";

/** Whether a time, taken in UTC, lies in one of the windows: from the first minute on, up to the last, not included. Pure. */
export const isInWindow = (windows: readonly MaintenanceWindow[], time: Date): boolean => {
  const day = DAYS[time.getUTCDay()];
  const timeOfDay = time.toISOString().slice("2026-03-03T".length, "2026-03-03T21:00".length);
  return windows.some(
    ({ days, from, to }) => days.some((one) => one === day) && from <= timeOfDay && timeOfDay < to,
  );
};

/** `tuesday, thursday 20:00-24:00; saturday 04:00-08:00 (UTC)` */
export const describeWindows = (windows: readonly MaintenanceWindow[]): string =>
  `${windows.map(({ days, from, to }) => `${days.join(", ")} ${from}-${to}`).join("; ")} (UTC)`;

/** `tuesday 21:00 (UTC)` */
export const describeTime = (time: Date): string =>
  `${DAYS[time.getUTCDay()] ?? ""} ${time.toISOString().slice("2026-03-03T".length, "2026-03-03T21:00".length)} (UTC)`;

const DAYS: readonly Day[] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
