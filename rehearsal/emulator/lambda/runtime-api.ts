import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { listen } from "../listen.ts";
import type { AttemptResult } from "./invocation.ts";

/** What one sandbox asks for its work: Lambda gives each a Runtime API of its own. */
export interface RuntimeApi {
  /** `host:port`, as `AWS_LAMBDA_RUNTIME_API` has it. */
  readonly address: string;
  /** Resolves when the function is loaded and its runtime asks for work. */
  readonly ready: Promise<void>;
  /** Hands an invocation to the function; resolves when it has answered or said that it failed. */
  invoke(request: RuntimeRequest): Promise<AttemptResult>;
  /** Resolves with what the function said when it could not be loaded. */
  readonly initError: Promise<AttemptResult>;
  close(): void;
}

export interface RuntimeRequest {
  readonly requestId: string;
  readonly payload: string;
  readonly invokedArn: string;
  readonly deadline: Date;
}

/**
 * The side of Lambda that a function's runtime talks to.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export const startRuntimeApi = async (): Promise<RuntimeApi> => {
  /** At most one of the two waits: the runtime for work, or work for the runtime. */
  let waitingRuntime: ServerResponse | undefined;
  let waitingRequest: RuntimeRequest | undefined;
  const underWay = new Map<string, (outcome: AttemptResult) => void>();
  let reportInitError: (outcome: AttemptResult) => void = () => undefined;
  const initError = new Promise<AttemptResult>((resolve) => {
    reportInitError = resolve;
  });

  let reportReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    reportReady = resolve;
  });

  const handOver = (): void => {
    if (waitingRuntime === undefined || waitingRequest === undefined) return;
    const { requestId, payload, invokedArn, deadline } = waitingRequest;
    waitingRuntime
      .writeHead(200, {
        "content-type": "application/json",
        "lambda-runtime-aws-request-id": requestId,
        "lambda-runtime-deadline-ms": String(deadline.getTime()),
        "lambda-runtime-invoked-function-arn": invokedArn,
      })
      .end(payload);
    waitingRuntime = waitingRequest = undefined;
  };

  const settle = (requestId: string | undefined, outcome: AttemptResult): void => {
    underWay.get(requestId ?? "")?.(outcome);
    underWay.delete(requestId ?? "");
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, , , kind, requestId, action] = (request.url ?? "").split("/");
    if (kind === "invocation" && requestId === "next") {
      waitingRuntime = response;
      reportReady();
      handOver();
      return;
    }
    const payload = await text(request);
    response.writeHead(202, { "content-type": "application/json" }).end('{"status":"OK"}');
    if (kind === "init") reportInitError({ payload, functionError: "Unhandled" });
    else settle(requestId, { payload, functionError: action === "error" ? "Unhandled" : undefined });
  };

  const server = createServer((request, response) => {
    // A runtime that was killed in the middle of a request leaves nobody to answer.
    void answer(request, response).catch(() => response.destroy());
  });
  const port = await listen(server);
  return {
    address: `127.0.0.1:${port}`,
    invoke: (request) =>
      new Promise((resolve) => {
        underWay.set(request.requestId, resolve);
        waitingRequest = request;
        handOver();
      }),
    ready,
    initError,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
