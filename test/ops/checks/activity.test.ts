import { expect } from "chai";
import { activityOfLog } from "../../../ops/checks/activity.ts";

const handled = (requestId: string, message = "Tenant status stays ACTIVE"): string =>
  JSON.stringify({ timestamp: "2026-03-03T21:00:01Z", level: "INFO", message, requestId });
const ended = (requestId: string, status: string): string =>
  JSON.stringify({ time: "2026-03-03T21:00:01Z", type: "platform.report", record: { requestId, status } });

describe("what a log tells of the invocations", () => {
  it("counts each once, however many lines it has", () => {
    const lines = [handled("a"), ended("a", "success"), handled("b"), ended("b", "success")];
    expect(activityOfLog(lines)).to.deep.equal({ invocations: 2, errors: 0, throttles: 0, events: 2 });
  });

  it("takes those for failed of which Lambda says so", () => {
    const lines = [ended("a", "error"), ended("b", "timeout"), ended("c", "failure"), ended("d", "success")];
    expect(activityOfLog(lines)).to.include({ invocations: 4, errors: 3 });
  });

  it("does not count the system's own test invocations as events", () => {
    const lines = [handled("a", "No row for tenant test-tenant-1"), ended("a", "success"), handled("b")];
    expect(activityOfLog(lines)).to.include({ invocations: 2, events: 1 });
  });

  it("passes over what is no line of an invocation", () => {
    expect(
      activityOfLog(["", "null", "[1]", '"text"', '{"type":"platform.initStart","record":{}}']),
    ).to.include({ invocations: 0, errors: 0, events: 0 });
  });
});
