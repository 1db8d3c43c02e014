import { expect } from "chai";
import {
  describeLimits,
  describeVitals,
  findBreaches,
  isIdle,
  NO_VITALS,
  type Vitals,
} from "../../../ops/checks/vitals.ts";
import { loadEnvironment } from "../../../envs/load.ts";

const limits = {
  ...loadEnvironment("dev").alarms,
  errorsPerHour: 10,
  throttlesPerHour: 20,
  deadLetterMessages: 1,
  eventAgeSeconds: 60,
};
const vitals = (more: Partial<Vitals>): Vitals => ({ ...NO_VITALS, invocations: 1000, ...more });

describe("the vital signs of a release", () => {
  for (const [sign, most, name] of [
    ["errors", 10, "errors"],
    ["throttles", 20, "throttles"],
    ["newDeadLetters", 1, "new dead letters"],
    ["eventAgeSeconds", 60, "event age in seconds"],
    ["reconcilerErrors", 10, "errors of the reconciler"],
  ] as const)
    it(`break with more ${name} than the alarm allows`, () => {
      expect(findBreaches(vitals({ [sign]: most }), limits)).to.deep.equal([]);
      expect(findBreaches(vitals({ [sign]: most + 1 }), limits)).to.deep.equal([
        `${name} ${most + 1} > ${most}`,
      ]);
    });

  for (const [errors, invocations, breaches] of [
    [2, 2, []],
    [3, 7, []],
    [3, 6, ["3 of 6 invocations failed"]],
    [4, 4, ["4 of 4 invocations failed"]],
    [5, 0, ["5 of 5 invocations failed"]],
  ] as const)
    it(`${breaches.length === 0 ? "hold" : "break"} when ${errors} of ${invocations} invocations failed`, () => {
      expect(findBreaches(vitals({ errors, invocations }), limits)).to.deep.equal(breaches);
    });

  it("break for every reason at once", () => {
    const bad = vitals({ errors: 11, invocations: 11, throttles: 21 });
    expect(findBreaches(bad, limits)).to.deep.equal([
      "errors 11 > 10",
      "throttles 21 > 20",
      "11 of 11 invocations failed",
    ]);
  });

  it("prove nothing where nothing came, and nothing failed", () => {
    expect(isIdle(NO_VITALS)).to.equal(true);
    expect(isIdle({ ...NO_VITALS, invocations: 1 }), "test invocations").to.equal(true);
    expect(isIdle({ ...NO_VITALS, events: 1 })).to.equal(false);
    expect(isIdle({ ...NO_VITALS, errors: 1 })).to.equal(false);
  });

  it("are described, and so are their limits", () => {
    expect(describeVitals(vitals({ errors: 1, eventAgeSeconds: 1.5 }))).to.equal(
      "invocations 1000, errors 1, throttles 0, new dead letters 0, event age in seconds 1.5, errors of the reconciler 0",
    );
    expect(describeLimits(limits)).to.equal(
      "at most errors 10, throttles 20, new dead letters 1, event age in seconds 60, errors of the reconciler 10, and fewer than 3 failures or half of the invocations",
    );
  });
});
