import { createServer } from "node:http";
import { listen } from "./listen.ts";
import { passOn } from "./pass-on.ts";

/** A way to AWS on which single requests wait until they are let go: what asked is in the middle of something meanwhile. */
export interface HoldingNetwork {
  readonly endpoint: string;
  /** Holds the next request of this method whose path matches. */
  hold(method: string, path: RegExp): HeldRequest;
  close(): void;
}

export interface HeldRequest {
  /** Resolves when it has come. */
  readonly arrived: Promise<void>;
  /** Lets it go on to AWS, unless who asked has given up; resolves when the answer is there. */
  release(): Promise<void>;
}

export const startHoldingNetwork = async (awsEndpoint: string): Promise<HoldingNetwork> => {
  const waiting = new Set<{
    readonly method: string;
    readonly path: RegExp;
    readonly take: (letGo: () => Promise<void>) => void;
  }>();
  const server = createServer((incoming, response) => {
    const { pathname } = new URL(incoming.url ?? "/", awsEndpoint);
    const held = [...waiting].find(({ method, path }) => method === incoming.method && path.test(pathname));
    if (held === undefined) {
      passOn(incoming, response, awsEndpoint);
      return;
    }
    waiting.delete(held);
    const closed = new Promise<void>((resolve) => {
      response.once("close", resolve);
    });
    held.take(async () => {
      if (!response.closed) passOn(incoming, response, awsEndpoint);
      await closed;
    });
  });
  const port = await listen(server);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    hold: (method, path) => {
      let release = (): Promise<void> => Promise.resolve();
      const arrived = new Promise<void>((resolve) => {
        waiting.add({
          method,
          path,
          take: (letGo) => {
            release = letGo;
            resolve();
          },
        });
      });
      return {
        arrived,
        release: () => release(),
      };
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
