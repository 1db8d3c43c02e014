import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import sinon from "sinon";
import type { Aws } from "../../../ops/aws/clients.ts";
import { createAsyncInvocations } from "../../../rehearsal/emulator/lambda/async-invocations.ts";
import type { Invocation } from "../../../rehearsal/emulator/lambda/invocation.ts";

const QUEUE = "arn:aws:sqs:af-south-1:536580886816:dead-letters";

const INVOCATION: Invocation = {
  accountId: "536580886816",
  region: "af-south-1",
  invocationType: "Event",
  qualifier: "latest-dev",
  payload: "{}",
  configuration: { FunctionName: "handler" },
  eventInvokeConfig: { MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination: QUEUE } } },
} as unknown as Invocation;

describe("events that nobody waits for", () => {
  const sandbox = sinon.createSandbox();
  let losses: string[];
  beforeEach(() => {
    losses = [];
  });
  afterEach(() => {
    sandbox.restore();
  });

  /** Each of these requests fails once, as the emulator is away, before it is answered. */
  const process = async (answers: Readonly<Record<"count" | "invoke" | "park", object>>) => {
    const away = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    const once = (answer: object) => {
      let asked = 0;
      return sandbox.fake(() => (asked++ === 0 ? Promise.reject(away) : Promise.resolve(answer)));
    };
    const clients = {
      cloudWatch: new CloudWatchClient({}),
      lambda: new LambdaClient({}),
      sqs: new SQSClient({}),
    };
    sandbox.replace(clients.cloudWatch, "send", once(answers.count));
    sandbox.replace(clients.lambda, "send", once(answers.invoke));
    const parked = once(answers.park);
    sandbox.replace(clients.sqs, "send", parked);
    const invocations = createAsyncInvocations({
      awsOf: () => clients as unknown as Aws,
      timeScale: 0,
      onLoss: (message) => losses.push(message),
    });
    invocations.accept("1", INVOCATION);
    await invocations.settled();
    return parked.callCount;
  };

  it("are processed when the emulator comes back, whatever it was away for", async () => {
    expect(await process({ count: {}, invoke: {}, park: {} })).to.equal(0);
    expect(losses).to.deep.equal([]);
  });

  it("are parked when the emulator comes back", async () => {
    const payload = { transformToString: () => "{}" };
    const sent = await process({
      count: {},
      invoke: { FunctionError: "Unhandled", Payload: payload },
      park: { QueueUrl: "http://localhost/queue" },
    });
    expect(sent, "one that fails, the URL, the message").to.equal(3);
    expect(losses).to.deep.equal([]);
  });
});
