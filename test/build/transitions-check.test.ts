import { expect } from "chai";
import { checkTransitions, TransitionsError } from "../../build/transitions-check.ts";
import data from "../../handler/transitions.json" with { type: "json" };

/** The problems of the real table after a change; empty when it is still right. */
const problemsOf = (change: (table: ReturnType<typeof copy>) => void): readonly string[] => {
  const table = copy();
  change(table);
  try {
    checkTransitions(table);
    return [];
  } catch (error) {
    if (error instanceof TransitionsError) return error.problems;
    throw error;
  }
};

/** Loosely typed, as what a person writes into a JSON file is. */
const copy = (): LooseTable => JSON.parse(JSON.stringify(data)) as LooseTable;

interface LooseTable {
  protected: unknown[];
  readonly statuses: Record<string, unknown>;
  readonly events: Record<string, unknown>[];
}

describe("the check of transitions.json", () => {
  it("passes the table of this repository", () => {
    expect(problemsOf(() => undefined)).to.deep.equal([]);
  });

  it("names an unknown property", () => {
    expect(problemsOf(({ events: [first] }) => Object.assign(first ?? {}, { kepes: [] }))).to.deep.equal([
      "/events/0 must NOT have additional properties (kepes)",
    ]);
  });

  it("names a missing property", () => {
    expect(problemsOf(({ events: [first] }) => delete first?.["status"])).to.deep.equal([
      "/events/0 must have required property 'status'",
    ]);
  });

  it("names a value of the wrong type, and every problem at once", () => {
    const problems = problemsOf((table) => {
      table.protected = [7];
      Object.assign(table.events[0] ?? {}, { neverFrom: "DEPROVISIONED" });
    });
    expect(problems).to.include("/protected/0 must be string");
    expect(problems).to.include("/events/0/neverFrom must be array");
  });

  it("says where, when the table as a whole is not an object", () => {
    expect(() => {
      checkTransitions([]);
    }).to.throw(TransitionsError, "handler/transitions.json is wrong:\n  / must be object");
  });

  it("refuses an ECS event that two canonical events claim", () => {
    const problems = problemsOf(({ events: [, second] }) =>
      (second?.["from"] as unknown[]).push({ eventName: "SERVICE_DEPLOYMENT_IN_PROGRESS" }),
    );
    expect(problems).to.have.length(1);
    expect(problems[0]).to.match(
      /^\/events\/1\/from\/\d maps SERVICE_DEPLOYMENT_IN_PROGRESS a second time; \/events\/0\/from\/0 does already$/,
    );
  });

  it("refuses a canonical name that occurs twice", () => {
    const problems = problemsOf(({ events }) =>
      Object.assign(events[1] ?? {}, { name: events[0]?.["name"] }),
    );
    expect(problems).to.include(
      "/events/1/name maps DEPLOYMENT_IN_PROGRESS a second time; /events/0/name does already",
    );
  });

  it("allows one ECS event several meanings when their reasons differ", () => {
    expect(
      problemsOf(({ events: [, second] }) =>
        (second?.["from"] as unknown[]).push({
          eventName: "SERVICE_DEPLOYMENT_IN_PROGRESS",
          reasonContains: ["something else"],
        }),
      ),
    ).to.deep.equal([]);
  });

  it("refuses a status without an entry, and an entry without an event", () => {
    expect(problemsOf(({ statuses }) => delete statuses["SCALING"])).to.deep.equal([
      "/events/1/status is SCALING: add it to /statuses, with its color and what refutes it",
    ]);
    expect(
      problemsOf(({ statuses }) => (statuses["DEGRADED"] = { color: "red", refutedBy: "deleted" })),
    ).to.deep.equal(["/statuses/DEGRADED is a status that no event leads to: remove it"]);
  });

  it("refuses a state of a service that no event is seen as, or two are", () => {
    expect(
      problemsOf(({ events }) => delete events.find(({ seenAs }) => seenAs === "steady")?.["seenAs"]),
    ).to.deep.equal(["/events must have exactly one event seenAs steady, not none"]);
    expect(problemsOf(({ events }) => Object.assign(events[2] ?? {}, { seenAs: "failed" }))).to.deep.equal([
      "/events must have exactly one event seenAs down, not none",
      "/events must have exactly one event seenAs failed, not SERVICE_TASK_START_IMPAIRED and DEPLOYMENT_FAILED",
    ]);
  });

  it("refuses a meaning that changes the status in another way, or that there is not", () => {
    const withMeaning = (meansAfter: Record<string, string>) =>
      problemsOf(({ events }) =>
        Object.assign(events.find(({ name }) => name === "DEPLOYMENT_COMPLETED") ?? {}, { meansAfter }),
      ).map((problem) => problem.replace(/^\/events\/\d+/, ""));
    expect(withMeaning({ DEPLOYMENT_ROLLBACK_STARTED: "DEPLOYMENT_FAILED" })).to.deep.equal([
      "/meansAfter/DEPLOYMENT_ROLLBACK_STARTED is DEPLOYMENT_FAILED, which must have the same status and the same neverFrom",
    ]);
    expect(withMeaning({ DEPLOYMENT_ROLLBACK_STARTED: "NOTHING" })).to.deep.equal([
      "/meansAfter/DEPLOYMENT_ROLLBACK_STARTED is NOTHING, which is no event of the table",
    ]);
    expect(withMeaning({ SERVICE_STEADY_STATE: "DEPLOYMENT_ROLLBACK_COMPLETED" })).to.deep.equal([
      "/meansAfter/SERVICE_STEADY_STATE is no event that starts a deployment",
    ]);
  });
});
