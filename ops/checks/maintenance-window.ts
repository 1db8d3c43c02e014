import type { Day, MaintenanceWindow } from "../../envs/environment.ts";
import { timeZoneOf } from "./region-time-zones.ts";

/** Whether a time, taken in UTC, lies in one of the windows: from the first minute on, up to the last, not included. Pure. */
export const isInWindow = (windows: readonly MaintenanceWindow[], time: Date): boolean => {
  const { day, timeOfDay } = read(time, "UTC");
  return windows.some(
    ({ days, from, to }) => days.some((one) => one === day) && from <= timeOfDay && timeOfDay < to,
  );
};

/**
 * `tuesday 20:00-24:00 (UTC), that is tuesday 22:00-00:00 the next day (Africa/Johannesburg)`
 * @param now by which it is known whether it is summer there.
 */
export const describeWindows = (windows: readonly MaintenanceWindow[], region: string, now: Date): string =>
  inBothTimes(region, (zone) =>
    windows
      .map(({ days, from, to }) => {
        const onDays = (time: string): readonly Reading[] =>
          days.map((day) => read(nextOn(day, time, now), zone));
        const begins = onDays(from);
        const [first, last] = [begins[0], onDays(to)[0]];
        const until =
          zone === "UTC" ? to : `${last?.timeOfDay ?? ""}${first?.day === last?.day ? "" : " the next day"}`;
        return `${begins.map(({ day }) => day).join(", ")} ${first?.timeOfDay ?? ""}-${until}`;
      })
      .join("; "),
  );

/** `tuesday 21:00 (UTC), that is tuesday 23:00 (Africa/Johannesburg)` */
export const describeTime = (time: Date, region: string): string =>
  inBothTimes(region, (zone) => {
    const { day, timeOfDay } = read(time, zone);
    return `${day} ${timeOfDay}`;
  });

const inBothTimes = (region: string, describe: (timeZone: string) => string): string => {
  const zone = timeZoneOf(region);
  const utc = `${describe("UTC")} (UTC)`;
  return zone === undefined ? utc : `${utc}, that is ${describe(zone)} (${zone})`;
};

interface Reading {
  readonly day: string;
  /** `21:00` */
  readonly timeOfDay: string;
}

/** What calendar and clock say at a time. */
const read = (time: Date, timeZone: string): Reading => {
  const format = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat("en-GB", { ...options, timeZone }).format(time);
  return {
    day: format({ weekday: "long" }).toLowerCase(),
    timeOfDay: format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  };
};

/** The day of this name in the week that begins with `now`, at this time in UTC; 24:00 is the begin of the next. */
const nextOn = (day: Day, time: string, now: Date): Date => {
  const days = (DAYS.indexOf(day) - now.getUTCDay() + 7) % 7;
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + days, hours, minutes));
};

const DAYS: readonly Day[] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
