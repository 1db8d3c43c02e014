import { setMaxListeners } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { type LambdaFunction, startFunction } from "../local/lambda-function.ts";
import { listenLocally } from "../local/local-server.ts";
import { realClock } from "./clock.ts";
import type { Services, PlayContext } from "./play.ts";
import type { Service } from "./service.ts";

/** A context on this machine that must be closed. */
export interface RealContext extends PlayContext {
  /** What each container took to start so far, in milliseconds. */
  readonly coldStartsMs: readonly number[];
  close(): Promise<void>;
}

/** A context in real time: a process for each container, which talks to the services by HTTP. */
export const realContext = (taskRoot: string): RealContext => {
  const opened: { close(): Promise<void> }[] = [];
  const coldStartsMs: number[] = [];
  const stop = new AbortController();
  // Each container's process listens to it.
  setMaxListeners(0, stop.signal);
  let endpoint: Promise<string> | undefined;
  const serve = async (services: Services): Promise<string> => {
    const server = await listenLocally(
      createServer((request, response) => {
        reply(request, response, services).catch(() => response.destroy());
      }),
    );
    opened.push(server);
    return server.endpoint;
  };
  return {
    clock: realClock,
    random: Math.random,
    coldStartsMs,
    start: async (number, environment, services) => {
      const base = await (endpoint ??= serve(services));
      const startedAt = realClock.now();
      const lambda: LambdaFunction = await startFunction({
        taskRoot,
        environment: {
          ...environment,
          AWS_ENDPOINT_URL_DYNAMODB: `${base}/dynamodb/${number}`,
          AWS_ENDPOINT_URL_ECS: `${base}/ecs/${number}`,
        },
        services: undefined,
        onLogLine: undefined,
        signal: stop.signal,
      });
      coldStartsMs.push(realClock.now() - startedAt);
      opened.push(lambda);
      return {
        handle: async (event) => {
          const result = await lambda.invoke(JSON.stringify(event));
          if (result.kind === "failed") throw new Error(result.error.message);
          return result.answer;
        },
      };
    },
    close: async () => {
      for (const each of opened.reverse()) await each.close();
    },
  };
};

const reply = async (
  request: IncomingMessage,
  response: ServerResponse,
  services: Services,
): Promise<void> => {
  const [, name = "", container = ""] = (request.url ?? "").split("/");
  const service: Service = name === "ecs" ? services.ecs : services.dynamodb;
  const answer = service({
    target: String(request.headers["x-amz-target"]),
    body: JSON.parse(await text(request)) as Record<string, unknown>,
    container: Number(container),
  });
  if (answer === "silence") return;
  realClock.after(answer.afterMs, () => {
    response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.0" });
    response.end(JSON.stringify(answer.body));
  });
};
