import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/**
 * How the stub treats a request: an answer, a connection that breaks before or within the answer, silence, or an answer
 * that stalls half-way.
 */
export type Treatment = Reply | "reset" | "cut" | "hang" | "stall";

interface Reply {
  readonly status: number;
  /** Sent as JSON; a text as it is. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface StubRequest {
  /** Such as `UpdateItem`. */
  readonly operation: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

export interface AwsStub {
  readonly endpoint: string;
  /** Every request so far. */
  readonly requests: readonly StubRequest[];
  /** The operations of the requests so far, in their order. */
  readonly operations: readonly string[];
  close(): void;
}

/** An AWS endpoint of the JSON protocols on a port of its own that treats each request as told. */
export const startAwsStub = async (
  treat: (request: StubRequest, earlier: number) => Treatment,
): Promise<AwsStub> => {
  const requests: StubRequest[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const operation = String(request.headers["x-amz-target"]).replace(/^.*\./, "");
      const earlier = requests.filter((other) => other.operation === operation).length;
      const body = JSON.parse(await text(request)) as Record<string, unknown>;
      const stubRequest = { operation, headers: request.headers, body };
      requests.push(stubRequest);
      const treatment = treat(stubRequest, earlier);
      if (treatment === "hang") return;
      if (treatment === "reset") {
        request.socket.destroy();
        return;
      }
      if (treatment === "stall" || treatment === "cut") {
        response.writeHead(200, { "content-type": "application/x-amz-json-1.0", "content-length": 100 });
        response.write("{", () => {
          if (treatment === "cut") request.socket.destroy();
        });
        return;
      }
      const { status, body: content, headers } = treatment;
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0", ...headers });
      response.end(typeof content === "string" ? content : JSON.stringify(content));
    })();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get operations() {
      return requests.map(({ operation }) => operation);
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

export const ok = (body: unknown): Treatment => ({ status: 200, body });

/** An error as DynamoDB and ECS report it. */
export const awsError = (name: string, status = 400, message = "as told"): Treatment => ({
  status,
  body: { __type: `com.amazonaws#${name}`, message },
});
