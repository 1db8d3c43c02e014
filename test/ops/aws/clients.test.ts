import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { STSClient } from "@aws-sdk/client-sts";
import { HttpRequest } from "@smithy/core/protocols";
import { expect } from "chai";
import sinon from "sinon";
import { createAws } from "../../../ops/aws/clients.ts";

describe("the operator's AWS clients", () => {
  afterEach(() => {
    sinon.restore();
  });

  it("give up a request that nobody answers within 40 s: the SDK alone would only warn", async () => {
    const clients = Object.entries(createAws("af-south-1")) as [string, STSClient][];
    const server = createServer();
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    let asked = 0;
    const allAsked = new Promise<void>((resolve) => {
      server.on("request", () => {
        if (++asked === clients.length) resolve();
      });
    });
    const clock = sinon.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const failures: Record<string, unknown> = {};
      for (const [name, { config }] of clients)
        config.requestHandler
          .handle(new HttpRequest({ protocol: "http:", hostname: "127.0.0.1", port, method: "POST" }))
          .catch((error: unknown) => {
            failures[name] = error instanceof Error && error.name;
          });
      await allAsked;
      await clock.tickAsync(39_999);
      expect(failures).to.deep.equal({});
      await clock.tickAsync(1);
      expect(failures).to.deep.equal(Object.fromEntries(clients.map(([name]) => [name, "TimeoutError"])));
    } finally {
      for (const [, client] of clients) client.destroy();
      server.closeAllConnections();
      server.close();
    }
  });
});
