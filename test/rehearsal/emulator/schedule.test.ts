import { expect } from "chai";
import { takeTurn } from "../../../rehearsal/emulator/schedule.ts";
import { recordedAws } from "../../ops/recorded-aws.ts";

const schedule = (State: string) => ({
  State,
  Target: { Arn: "arn:aws:lambda:af-south-1:1:function:reconciler:live", Input: '{"version":1}' },
});

describe("a turn of a schedule", () => {
  it("invokes what the schedule names, with its input", async () => {
    const aws = recordedAws({
      GetScheduleCommand: () => schedule("ENABLED"),
      InvokeCommand: () => ({ Payload: Object.assign(Buffer.from("{}"), { transformToString: () => "{}" }) }),
    });
    expect(await takeTurn(aws.createAws("af-south-1"), "every")).to.deep.equal({
      answer: "{}",
      functionError: undefined,
    });
    const [{ FunctionName, Qualifier, Payload } = {}] = aws.callsOf("InvokeCommand");
    expect([FunctionName, Qualifier, Buffer.from(Payload as Uint8Array).toString()]).to.deep.equal([
      "reconciler",
      "live",
      '{"version":1}',
    ]);
  });

  it("invokes nothing when the schedule is off", async () => {
    const aws = recordedAws({ GetScheduleCommand: () => schedule("DISABLED") });
    const error = await takeTurn(aws.createAws("af-south-1"), "every").catch((caught: unknown) => caught);
    expect(error).to.have.property("message", "The schedule every is DISABLED");
    expect(aws.callsOf("InvokeCommand")).to.deep.equal([]);
  });
});
