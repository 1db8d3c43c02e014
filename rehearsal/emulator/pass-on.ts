import { request as forward, type IncomingMessage, type ServerResponse } from "node:http";

/** Hands a request on to AWS, and its answer back. */
export const passOn = (incoming: IncomingMessage, response: ServerResponse, awsEndpoint: string): void => {
  const { method = "GET", headers, url = "/" } = incoming;
  const outgoing = forward(new URL(url, awsEndpoint), { method, headers }, (reply) => {
    response.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(response);
  });
  // AWS cannot be reached, or who asked has gone: the other side finds its connection cut, as it would there.
  outgoing.on("error", () => response.destroy());
  response.on("close", () => outgoing.destroy());
  incoming.pipe(outgoing);
};
