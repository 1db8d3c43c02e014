import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { expect } from "chai";
import { type HoldingNetwork, startHoldingNetwork } from "../../../rehearsal/emulator/holding-network.ts";
import { listen } from "../../../rehearsal/emulator/listen.ts";

describe("A network that holds requests", () => {
  let aws: Server;
  let network: HoldingNetwork;
  let reached: string[];
  beforeEach(async () => {
    reached = [];
    aws = createServer((request, response) => {
      reached.push(`${request.method ?? ""} ${request.url ?? ""}`);
      request.resume();
      response.end("done");
    });
    network = await startHoldingNetwork(`http://127.0.0.1:${await listen(aws)}`);
  });
  afterEach(async () => {
    network.close();
    aws.close();
    aws.closeAllConnections();
    await once(aws, "close");
  });

  const put = (path: string, signal?: AbortSignal): Promise<Response> =>
    fetch(`${network.endpoint}${path}`, { method: "PUT", body: "x", signal: signal ?? null });

  it("lets one go on when it is told to, and others at once", async () => {
    const held = network.hold("PUT", /\/code$/);
    const answer = put("/functions/a/code");
    await held.arrived;
    expect(await (await put("/functions/a/configuration")).text()).to.equal("done");
    expect(reached).to.deep.equal(["PUT /functions/a/configuration"]);
    await held.release();
    expect(await (await answer).text()).to.equal("done");
    expect(await (await put("/functions/a/code")).text(), "the next is not held").to.equal("done");
    expect(reached).to.have.lengthOf(3);
  });

  it("keeps from AWS what has been given up meanwhile", async () => {
    const held = network.hold("PUT", /\/code$/);
    const giveUp = new AbortController();
    const answer = put("/functions/a/code", giveUp.signal).catch((error: unknown) => error);
    await held.arrived;
    giveUp.abort();
    expect(await answer).to.have.property("name", "AbortError");
    await held.release();
    expect(reached).to.deep.equal([]);
  });
});
