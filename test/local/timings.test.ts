import { expect } from "chai";
import { describeTimings } from "../../local/timings.ts";

const timings = {
  events: 2000,
  wallMs: 4000,
  containersMs: 7000,
  dynamoDbMs: 3000,
  containersCpuMs: 1500,
  containerMaxRssBytes: 120_000_000,
  ownCpuMs: 2500,
  maxRssBytes: 180_000_000,
};

describe("Where the time of a run has gone", () => {
  it("is said for the whole, and for an event", () => {
    expect(describeTimings(timings)).to.deep.equal([
      "Time: 4.0 s, 500 events a second",
      "Of an event: 3.50 ms in a container, of which 1.50 ms in DynamoDB and the rest in the function and on the way",
      "The containers: 0.75 ms of the processor an event, each at most 120 MB",
      "This process, which reads, prints and has the table: 1.25 ms of the processor an event, at most 180 MB",
    ]);
  });

  it("is said of a run without events, too", () => {
    expect(describeTimings({ ...timings, events: 0 }).join()).not.to.match(/NaN|Infinity/);
  });
});
