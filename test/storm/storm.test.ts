import { expect } from "chai";
import { currentBuild } from "../../build/current-build.ts";
import { lazy } from "../../checklist/lazy.ts";
import { compareMeasurements } from "../../storm/compare.ts";
import { type FunctionCode, readFunctionCode } from "../../storm/function-code.ts";
import { missedGoals } from "../../storm/missed-goals.ts";
import type { StormMeasurements } from "../../storm/measurements.ts";
import { type Scenario, SCENARIOS } from "../../storm/scenario.ts";
import { STORM_SECTION, stormSection } from "../../storm/section.ts";
import { simulate } from "../../storm/simulate.ts";

/** Small storms, played as `npm run storm` plays its large ones. */
describe("a storm", () => {
  let code: FunctionCode;

  before(async () => {
    const { zipPath } = await currentBuild();
    code = await readFunctionCode(zipPath);
  });

  const [known] = SCENARIOS;
  if (known === undefined) throw new Error("There are no scenarios");
  const small: Scenario = {
    ...known,
    services: 60,
    withinMs: 1000,
    ecs: { perSecond: 2, burst: 4 },
  };
  /** What several tests look at: it is the same for the same seed. */
  const played = lazy(() => simulate(code, small, 1));

  it("passes services that the directory knows, while ECS refuses most of its requests", async () => {
    const { measured, missed } = await played();
    expect(missed).to.deep.equal([]);
    expect(measured).to.include({ events: 60, deadLetters: 0, handlerErrors: 0, ecsRequestsOnceRefused: 1 });
    expect(measured.ecsRefused).to.be.above(0);
  });

  it("passes them while ECS does not answer at all", async () => {
    const { measured, missed } = await simulate(code, { ...small, ecsAway: [0, 300_000] }, 1);
    expect(missed).to.deep.equal([]);
    expect(measured.p99LagMs, "the wait for ECS").to.be.above(1000);
  });

  it("loses events without the directory, and says which goals are missed", async () => {
    const { measured, missed } = await simulate(code, { ...small, known: false, directory: false }, 1);
    expect(measured.deadLetters).to.be.above(0);
    expect(measured.handlerErrors).to.be.at.least(3 * measured.deadLetters);
    expect(missed.join()).to.match(/dead letters; the goal is 0.*handler errors; the goal is 0/);
  });

  it("tries writes again that the table throttles", async () => {
    const calm = await played();
    const throttled = await simulate(code, { ...small, writesThrottled: [0, 20_000] }, 1);
    expect(throttled.measured.deadLetters).to.equal(0);
    expect(throttled.measured.dynamoDbRequestsPerEvent).to.be.above(calm.measured.dynamoDbRequestsPerEvent);
  });

  it("is the same for the same seed", async () => {
    const [one, again, other] = [
      await played(),
      await simulate(code, small, 1),
      await simulate(code, small, 2),
    ];
    expect(again.measured).to.deep.equal(one.measured);
    expect(other.measured).not.to.deep.equal(one.measured);
  });

  it("names a goal that is missed, upwards or downwards", () => {
    const measured: StormMeasurements = {
      ...{ events: 10, deadLetters: 2, handlerErrors: 6, ecsRequests: 9, ecsRefused: 8 },
      ...{
        ecsRequestsOnceRefused: 4,
        dynamoDbRequestsPerEvent: 2,
        p50LagMs: 20,
        p99LagMs: 4000,
        containers: 3,
      },
    };
    expect(missedGoals({ deadLetters: 2, handlerErrors: [6, 7], p99LagMs: 4000 }, measured)).to.deep.equal(
      [],
    );
    expect(
      missedGoals({ deadLetters: [3, 5], p99LagMs: 3999, ecsRequestsOnceRefused: 1 }, measured),
    ).to.deep.equal([
      "2 dead letters; the goal is 3 to 5",
      "4000 ms of lag at p99; the goal is 3999",
      "4 ECS requests of one container in the 30 s from a refusal on; the goal is 1",
    ]);
  });

  it("agrees with real time within a quarter around what simulations show, and not beyond", async () => {
    const { measured } = await played();
    const simulated = [measured, { ...measured, ecsRequests: measured.ecsRequests + 100 }];
    const differing = (ecsRequests: number): string[] =>
      compareMeasurements(simulated, { ...measured, ecsRequests }).flatMap(({ figure, agrees }) =>
        agrees ? [] : [figure],
      );
    const most = measured.ecsRequests + 100;
    expect(differing(Math.floor(1.25 * most))).to.deep.equal([]);
    expect(differing(Math.ceil(1.25 * most) + 1)).to.deep.equal(["ecsRequests"]);
  });

  it("is recorded in a document in the place of the record before", () => {
    const first = STORM_SECTION.put("# Performance\n", stormSection("2026-01-01", 1, []));
    const second = STORM_SECTION.put(first, stormSection("2026-02-02", 2, []));
    expect(second).to.contain("on 2026-02-02, seed 2").and.not.contain("2026-01-01");
    expect(STORM_SECTION.put("# Again\n", STORM_SECTION.of(second))).to.match(/^# Again\n\n<!-- recorded by/);
  });
});
