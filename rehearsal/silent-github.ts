import { createServer } from "node:http";
import { listen } from "./emulator/listen.ts";

/** A GitHub that knows of nothing and takes whatever it is told: of what it says, no call of AWS depends. */
export const startSilentGitHub = async (): Promise<{ readonly url: string; close(): void }> => {
  const server = createServer((request, response) => {
    request.resume();
    const isQuestion = request.method === "GET";
    response
      .writeHead(isQuestion ? 200 : 201, { "content-type": "application/json" })
      .end(isQuestion ? "[]" : "{}");
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
