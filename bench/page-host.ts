import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import type { PageUpdate } from "../page/page-data.ts";
import { renderPage } from "../page/render-page.ts";
import { largePage } from "./large-page.ts";

/** Serves the large page as a live one, and an empty page that is as long. */
export interface PageHost {
  readonly url: string;
  readonly emptyUrl: string;
  readonly bytes: number;
  /** Tells the pages that are open. */
  send(updates: readonly PageUpdate[]): void;
  close(): Promise<void>;
}

const EMPTY = '<!doctype html><title>Empty</title><body><div style="height: 58000px"></div>';

export const startPageHost = async (): Promise<PageHost> => {
  const html = await renderPage(largePage(), { updates: "updates" });
  const listeners = new Set<ServerResponse>();
  const server = createServer(({ url }, response) => {
    if (url === "/updates") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("retry: 1000\n\n");
      listeners.add(response);
      return;
    }
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(url === "/empty" ? EMPTY : html);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    emptyUrl: `${url}empty`,
    bytes: html.length,
    send: (updates) => {
      for (const listener of listeners) listener.write(`event: update\ndata: ${JSON.stringify(updates)}\n\n`);
    },
    close: async () => {
      const closed = promisify(server.close.bind(server))();
      server.closeAllConnections();
      await closed;
    },
  };
};
