import { createServer } from "node:http";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EventStreamCodec } from "@smithy/core/event-streams";
import { fromUtf8, toUtf8 } from "@smithy/core/serde";
import { listenLocally } from "../../local/local-server.ts";

/** A CloudWatch whose log is empty, and whose live tail sends these events and ends: over HTTP, in frames of AWS's event streams. */
export const startLiveTail = async (
  events: readonly (readonly [type: string, body: object])[],
): Promise<{ readonly client: (region: string) => CloudWatchLogsClient; close(): Promise<void> }> => {
  const codec = new EventStreamCodec(toUtf8, fromUtf8);
  const server = createServer((request, response) => {
    request.resume();
    if (!String(request.headers["x-amz-target"]).endsWith(".StartLiveTail")) {
      response.setHeader("content-type", "application/x-amz-json-1.1").end('{"events":[]}');
      return;
    }
    response.setHeader("content-type", "application/vnd.amazon.eventstream");
    for (const [type, body] of events)
      response.write(
        codec.encode({
          headers: {
            ":message-type": { type: "string", value: "event" },
            ":event-type": { type: "string", value: type },
            ":content-type": { type: "string", value: "application/json" },
          },
          body: fromUtf8(JSON.stringify(body)),
        }),
      );
    response.end();
  });
  const { endpoint, ...listening } = await listenLocally(server);
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
