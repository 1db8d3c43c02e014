import { expect } from "chai";
import { createServer } from "node:http";
import { describeExplanation, OperatorError } from "../../../checklist/errors.ts";
import { connectTo, readGivenEmulator } from "../../../rehearsal/emulator/given-emulator.ts";
import { listen } from "../../../rehearsal/emulator/listen.ts";

describe("an emulator that is given", () => {
  const RUNNER = { REHEARSAL_RUNNER_URL: "http://127.0.0.1:5001/" };

  it("is none when AWS_ENDPOINT_URL is not set", () => {
    expect(readGivenEmulator(RUNNER)).to.be.undefined;
  });

  it("is where AWS_ENDPOINT_URL says, and hands invocations to where REHEARSAL_RUNNER_URL says", () => {
    const given = readGivenEmulator({ AWS_ENDPOINT_URL: "http://127.0.0.1:5000/", ...RUNNER });
    expect(given).to.deep.equal({ endpoint: "http://127.0.0.1:5000", runnerPort: 5001 });
  });

  for (const [what, variables, complaint] of [
    [
      "AWS itself",
      { AWS_ENDPOINT_URL: "https://sts.af-south-1.amazonaws.com", ...RUNNER },
      /, which is AWS itself\. Name an emulator, or unset it/,
    ],
    [
      "AWS in China",
      { AWS_ENDPOINT_URL: "https://sts.cn-north-1.amazonaws.com.cn", ...RUNNER },
      /AWS itself/,
    ],
    [
      "AWS by its new name",
      { AWS_ENDPOINT_URL: "https://lambda.af-south-1.api.aws", ...RUNNER },
      /AWS itself/,
    ],
    [
      "no URL",
      { AWS_ENDPOINT_URL: "localhost", ...RUNNER },
      /AWS_ENDPOINT_URL is localhost, which is no URL\. Name one, such as /,
    ],
    [
      "no runner",
      { AWS_ENDPOINT_URL: "http://127.0.0.1:5000" },
      /not REHEARSAL_RUNNER_URL\. Set it to where that emulator hands/,
    ],
    [
      "a runner at no port",
      { AWS_ENDPOINT_URL: "http://127.0.0.1:5000", REHEARSAL_RUNNER_URL: "http://runner/" },
      /which names no port\. Name a port of this machine/,
    ],
  ] as const)
    it(`is refused when it is ${what}`, () => {
      expect(describeRefusal(() => readGivenEmulator(variables))).to.match(complaint);
    });

  it("is connected to, but neither restarted nor stopped", async () => {
    const server = createServer((_request, response) => response.writeHead(404).end());
    const endpoint = `http://127.0.0.1:${await listen(server)}`;
    try {
      const emulator = await connectTo({ endpoint, runnerPort: 1 });
      expect(emulator.restart).to.be.undefined;
      await emulator.stop();
      expect((await fetch(emulator.endpoint)).status).to.equal(404);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  it("is missed when nothing answers there", async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const refusal = await connectTo({ endpoint: `http://127.0.0.1:${port}`, runnerPort: 1 }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal)
      .to.be.instanceOf(OperatorError)
      .and.to.include({
        message: `Nothing answers at http://127.0.0.1:${port}, which AWS_ENDPOINT_URL names`,
        hint: "Start that emulator, or unset AWS_ENDPOINT_URL: the rehearsal then starts one",
      });
  });
});

/** What is said of a mistake, with what to do about it. */
const describeRefusal = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    if (error instanceof OperatorError) return describeExplanation(error);
    throw error;
  }
  return "none";
};
