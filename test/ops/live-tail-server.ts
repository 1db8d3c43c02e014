import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EventStreamCodec } from "@smithy/core/event-streams";
import { fromUtf8, toUtf8 } from "@smithy/core/serde";
import { listenLocally } from "../../local/local-server.ts";

/** A message of a session: `["sessionUpdate", {…}]`; its name ends in `Exception` where it is one. */
export type TailMessage = readonly [type: string, body: object];

export interface LiveTailServices {
  /** What each session of the live tail sends before it ends, one session after the other. */
  readonly sessions: readonly (() => AsyncIterable<TailMessage> | Iterable<TailMessage>)[];
  /** What FilterLogEvents finds; nothing unless given. */
  readonly past?: (input: Readonly<Record<string, unknown>>) => readonly object[];
}

/** A CloudWatch with a log and its live tail: over HTTP, in frames of AWS's event streams. */
export const startLiveTail = async ({
  sessions,
  past = () => [],
}: LiveTailServices): Promise<{
  readonly client: (region: string) => CloudWatchLogsClient;
  close(): Promise<void>;
}> => {
  let begun = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // The time is the test's: a command follows AWS's clock.
    response.sendDate = false;
    const input = (await json(request)) as Readonly<Record<string, unknown>>;
    if (!String(request.headers["x-amz-target"]).endsWith(".StartLiveTail")) {
      response.setHeader("content-type", "application/x-amz-json-1.1");
      response.end(JSON.stringify({ events: past(input) }));
      return;
    }
    response.setHeader("content-type", "application/vnd.amazon.eventstream").flushHeaders();
    for await (const message of sessions[begun++]?.() ?? []) response.write(frameOf(message));
    response.end();
  };
  const { endpoint, ...listening } = await listenLocally(
    createServer((request, response) => void answer(request, response)),
  );
  return {
    client: (region) =>
      new CloudWatchLogsClient({
        endpoint,
        region,
        // It would be streaming-127.0.0.1.
        disableHostPrefix: true,
        credentials: { accessKeyId: "local", secretAccessKey: "local" },
      }),
    close: () => listening.close(),
  };
};

const codec = new EventStreamCodec(toUtf8, fromUtf8);

const frameOf = ([type, body]: TailMessage): Uint8Array => {
  const kind = type.endsWith("Exception") ? "exception" : "event";
  return codec.encode({
    headers: {
      ":message-type": { type: "string", value: kind },
      [`:${kind}-type`]: { type: "string", value: type },
      ":content-type": { type: "string", value: "application/json" },
    },
    body: fromUtf8(JSON.stringify(body)),
  });
};
