import { expect } from "chai";
import fc from "fast-check";
import { isDateTime, toWholeSeconds } from "../../handler/event-time.ts";

describe("event time", () => {
  for (const text of [
    "2024-08-08T23:26:49Z",
    "2024-08-08T23:26:49.9Z",
    "2024-08-08T23:26:49.935Z",
    "2024-08-08T23:26:49.123456789Z",
    "2024-02-29T00:00:00+02:00",
    "2024-08-08T09:00:00-11:30",
    "2024-08-08T19:59:59+19:59",
    "2999-12-31T23:59:59+23:00",
  ]) {
    it(`takes ${text} for a date-time`, () => {
      expect(isDateTime(text)).to.equal(true);
    });
  }

  for (const text of [
    "",
    "yesterday",
    "2024-08-08",
    "2024-08-08 23:26:49Z",
    "2024-08-08T23:26:49",
    "2024-02-30T00:00:00Z",
    "2023-02-29T00:00:00Z",
    "2024-13-01T00:00:00Z",
    "2024-00-10T00:00:00Z",
    "2024-08-00T00:00:00Z",
    "2024-08-08T24:00:00Z",
    "2024-08-08T23:60:00Z",
    "2024-08-08T23:26:49.1234567890Z",
    "1723159609",
    "0000-01-01T00:00:00+02:00",
    "9999-12-31T23:59:59-02:00",
    "x2024-08-08T23:26:49Z",
    "2024-08-08T23:26:49Zx",
    "2024-08-08T23:26:49ZZ",
    "12024-08-08T23:26:49Z",
    "2024-8-08T23:26:49Z",
    "2024-08-8T23:26:49Z",
    "2024-08-08T3:26:49Z",
    "2024-08-08T23:6:49Z",
    "2024-08-08T23:26:9Z",
    "2024-08-08T23:26:60Z",
    "2024-08-08T23:26:49.Z",
    "2024-08-08T23:26:49,5Z",
    "2024-08-08T23:26:49+24:00",
    "2024-08-08T23:26:49+02:60",
    "2024-08-08T23:26:49+2:00",
    "2024-08-08T23:26:49+02:0",
    "2024-08-08T23:26:49 02:00",
  ]) {
    it(`does not take "${text}" for a date-time`, () => {
      expect(isDateTime(text)).to.equal(false);
    });
  }

  it("cuts fractions and turns offsets into UTC", () => {
    expect(toWholeSeconds("2024-08-08T23:26:49.999Z")).to.equal("2024-08-08T23:26:49Z");
    expect(toWholeSeconds("2024-08-09T01:26:49+02:00")).to.equal("2024-08-08T23:26:49Z");
  });

  it("gives texts that sort as the times do", () => {
    const time = fc.date({
      min: new Date("2000-01-01"),
      max: new Date("2999-12-31T23:59:59Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(time, time, (a, b) => {
        const [earlier, later] = a <= b ? [a, b] : [b, a];
        expect(toWholeSeconds(earlier.toISOString()) <= toWholeSeconds(later.toISOString())).to.equal(true);
        expect(isDateTime(earlier.toISOString())).to.equal(true);
      }),
    );
  });
});
