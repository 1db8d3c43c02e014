import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen } from "../listen.ts";
import { passOn } from "../pass-on.ts";

/** The function's way to AWS, on which trouble can be made. */
export interface FunctionNetwork {
  readonly endpoint: string;
  /** From now on, requests whose X-Amz-Target matches get the fault in place of an answer, until `heal`. */
  break(fault: Fault): void;
  heal(): void;
  /** How many requests got a fault since it was made. */
  readonly faults: () => number;
  close(): void;
}

export interface Fault {
  /** Matches `X-Amz-Target`, such as `DynamoDB_20120810.UpdateItem`. */
  readonly target: RegExp;
  readonly status: number;
  /** The exception's name. */
  readonly error: string;
  readonly message: string;
}

export const startFunctionNetwork = async (awsEndpoint: string): Promise<FunctionNetwork> => {
  let fault: Fault | undefined;
  let faults = 0;

  const answer = (incoming: IncomingMessage, response: ServerResponse): void => {
    const target = String(incoming.headers["x-amz-target"] ?? "");
    if (fault?.target.test(target) === true) {
      faults++;
      incoming.resume();
      response
        .writeHead(fault.status, { "content-type": "application/x-amz-json-1.0" })
        .end(JSON.stringify({ __type: fault.error, message: fault.message }));
      return;
    }
    passOn(incoming, response, awsEndpoint);
  };

  const server = createServer(answer);
  const port = await listen(server);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    break: (made) => {
      fault = made;
      faults = 0;
    },
    heal: () => {
      fault = undefined;
    },
    faults: () => faults,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
