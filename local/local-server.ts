import { once } from "node:events";
import type { Server } from "node:http";
import { promisify } from "node:util";

/** An HTTP server on a free port of this machine, out of reach from others. */
export interface LocalServer {
  readonly endpoint: string;
  close(): Promise<void>;
}

export const listenLocally = async (server: Server): Promise<LocalServer> => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    close: async () => {
      const closed = promisify(server.close.bind(server))();
      // The function keeps its connections open, and a server waits for them.
      server.closeAllConnections();
      await closed;
    },
  };
};
