import { expect } from "chai";
import { writeLog } from "../../../rehearsal/emulator/lambda/function-record.ts";
import { awsError, recordedAws } from "../../ops/recorded-aws.ts";

const LINES = [{ timestamp: 1, message: "hello" }];

/** Logs, where no log stream exists before somebody has tried to create one. */
const recordedLogs = (createLogStream: () => object) => {
  let isCreated = false;
  return recordedAws({
    PutLogEventsCommand: () => {
      if (!isCreated) throw awsError("ResourceNotFoundException");
      return {};
    },
    CreateLogStreamCommand: () => {
      isCreated = true;
      return createLogStream();
    },
  });
};

describe("a function's log", () => {
  it("gets a stream when there is none", async () => {
    const { createAws, calls } = recordedLogs(() => ({}));
    await writeLog(createAws("af-south-1"), "group", "stream", LINES);
    expect(calls.map(({ command }) => command)).to.deep.equal([
      "PutLogEventsCommand",
      "CreateLogStreamCommand",
      "PutLogEventsCommand",
    ]);
  });

  it("is written when the sandbox's next event has created the stream meanwhile", async () => {
    const { createAws, callsOf } = recordedLogs(() => {
      throw awsError("ResourceAlreadyExistsException");
    });
    await writeLog(createAws("af-south-1"), "group", "stream", LINES);
    expect(callsOf("PutLogEventsCommand")).to.have.length(2);
  });

  it("does not hide any other trouble", async () => {
    const { createAws } = recordedLogs(() => {
      throw awsError("LimitExceededException");
    });
    let failure: unknown;
    try {
      await writeLog(createAws("af-south-1"), "group", "stream", LINES);
    } catch (error) {
      failure = error;
    }
    expect(failure).to.have.property("name", "LimitExceededException");
  });
});
