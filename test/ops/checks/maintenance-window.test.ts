import { expect } from "chai";
import { describeTime, describeWindows, isInWindow } from "../../../ops/checks/maintenance-window.ts";
import { timeZoneOf } from "../../../ops/checks/region-time-zones.ts";
import { listEnvironments, loadEnvironment } from "../../../envs/load.ts";

describe("A maintenance window", () => {
  const summer = new Date("2026-07-01T09:00:00Z");
  const winter = new Date("2026-12-01T09:00:00Z");

  it("is said in UTC and in the region's time, as it is then there", () => {
    const windows = [{ days: ["monday", "friday"], from: "20:00", to: "21:30" }] as const;
    expect(describeWindows(windows, "eu-central-1", winter)).to.equal(
      "monday, friday 20:00-21:30 (UTC), that is monday, friday 21:00-22:30 (Europe/Berlin)",
    );
    expect(describeWindows(windows, "eu-central-1", summer)).to.equal(
      "monday, friday 20:00-21:30 (UTC), that is monday, friday 22:00-23:30 (Europe/Berlin)",
    );
  });

  it("is on another day there, when midnight is between", () => {
    const windows = [{ days: ["saturday"], from: "20:00", to: "24:00" }] as const;
    expect(describeWindows(windows, "ap-northeast-1", winter)).to.equal(
      "saturday 20:00-24:00 (UTC), that is sunday 05:00-09:00 (Asia/Tokyo)",
    );
    expect(describeWindows(windows, "eu-west-2", winter)).to.equal(
      "saturday 20:00-24:00 (UTC), that is saturday 20:00-00:00 the next day (Europe/London)",
    );
    expect(describeTime(new Date("2026-12-01T02:00:00Z"), "us-east-1")).to.equal(
      "tuesday 02:00 (UTC), that is monday 21:00 (America/New_York)",
    );
  });

  it("is said in UTC alone for a region that nobody knows", () => {
    expect(describeTime(summer, "eu-west-9")).to.equal("wednesday 09:00 (UTC)");
  });

  it("is judged in UTC, whatever is said", () => {
    const windows = [{ days: ["saturday"], from: "20:00", to: "24:00" }] as const;
    expect(isInWindow(windows, new Date("2026-12-05T23:59:59Z"))).to.be.true;
    expect(isInWindow(windows, new Date("2026-12-06T00:00:00Z"))).to.be.false;
    expect(isInWindow(windows, new Date("2026-12-05T19:59:59Z"))).to.be.false;
  });

  it("has a time zone for each environment's region", () => {
    for (const name of listEnvironments())
      expect(timeZoneOf(loadEnvironment(name).region), name).to.be.a("string");
  });
});
