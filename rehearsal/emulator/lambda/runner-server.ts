import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { listen } from "../listen.ts";
import type { AsyncInvocations } from "./async-invocations.ts";
import type { FunctionRunner } from "./function-runner.ts";
import type { Invocation } from "./invocation.ts";

/** What the emulator answers its caller. */
interface Reply {
  readonly statusCode: number;
  readonly payload: string;
  readonly functionError?: string | undefined;
  readonly errorType?: string;
  readonly logTail?: string;
}

export interface RunnerServer {
  /** The emulator posts each invocation there. */
  readonly url: string;
  close(): void;
}

/** @param wantedPort any free one when undefined. */
export const startRunnerServer = async (
  runner: FunctionRunner,
  asyncInvocations: AsyncInvocations,
  wantedPort: number | undefined,
): Promise<RunnerServer> => {
  const reply = async (invocation: Invocation): Promise<Reply> => {
    const requestId = randomUUID();
    switch (invocation.invocationType) {
      case "DryRun":
        return { statusCode: 204, payload: "" };
      case "Event":
        asyncInvocations.accept(requestId, invocation);
        return { statusCode: 202, payload: "" };
      case "RequestResponse":
        return { statusCode: 200, ...(await runner.execute(requestId, invocation)) };
    }
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body: Reply;
    try {
      body = await reply((await json(request)) as Invocation);
    } catch (error) {
      body = {
        statusCode: 500,
        errorType: "ServiceException",
        payload: JSON.stringify({ Message: String(error) }),
      };
    }
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  };

  const server = createServer((request, response) => {
    void answer(request, response);
  });
  const port = await listen(server, wantedPort);
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
