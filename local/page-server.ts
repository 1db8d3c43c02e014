import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { visibleJson } from "../checklist/visible.ts";
import { renderPage } from "../page/render-page.ts";
import { UsageError } from "./errors.ts";
import type { TenantBook } from "./tenant-book.ts";
import type { UpdateFeed } from "./update-feed.ts";

export interface PageServerOptions {
  readonly port: number;
  readonly address: string;
  readonly book: TenantBook;
  readonly feed: UpdateFeed;
  /** Plays what was sent, after what was sent before. @returns what came of it, for who sent it. @throws {UsageError} */
  readonly play: (events: Readable) => Promise<PostAnswer>;
  /** How long a sender may say nothing in the middle of what it sends, in milliseconds. */
  readonly stalledMs?: number;
  /** Told of what is no mistake of who asked. */
  readonly onError: (error: unknown) => void;
}

/** An HTTP status, and what is answered with it, as JSON. */
export interface PostAnswer {
  readonly status: number;
  readonly body: object;
}

export interface PageServer {
  readonly endpoint: string;
  close(): Promise<void>;
}

/**
 * Serves the page, its updates, and takes events: `GET /`, `GET /updates`, `POST /events`. Pages of other sites cannot use it: a request that
 * comes from one, or by another name than this machine's own, is refused.
 * @throws {UsageError} when the port is taken.
 */
export const startPageServer = async (options: PageServerOptions): Promise<PageServer> => {
  const { port, address, feed } = options;
  const server = createServer((request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      json(response, 500, { message: "It failed" });
      options.onError(error);
    });
  });
  server.listen(port, address);
  try {
    await once(server, "listening");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UsageError(`Cannot serve at port ${port} of ${address}: ${code}`, {
      hint: "Choose another port, or 0 for any that is free",
      next: "npm start -- --serve 0",
    });
  }
  const bound = server.address();
  const actual = typeof bound === "object" && bound !== null ? bound.port : port;
  return {
    endpoint: `http://${address.includes(":") ? `[${address}]` : address}:${actual}/`,
    close: async () => {
      feed.close();
      const closed = promisify(server.close.bind(server))();
      server.closeAllConnections();
      await closed;
    },
  };
};

const answer = async (
  request: IncomingMessage,
  response: ServerResponse,
  { address, book, feed, play, stalledMs = STALLED_MS }: PageServerOptions,
): Promise<void> => {
  if (!isOwn(request, address)) {
    json(response, 403, { message: "Requests of other sites are refused" });
    return;
  }
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  switch (`${request.method ?? ""} ${pathname}`) {
    case "GET /": {
      const updates = `updates?after=${feed.position}`;
      const html = await renderPage(book.data(), { updates });
      response.writeHead(200, { ...HEADERS, "content-type": "text/html; charset=utf-8" }).end(html);
      return;
    }
    case "GET /updates": {
      response.writeHead(200, { ...HEADERS, "content-type": "text/event-stream" });
      response.write("retry: 1000\n\n");
      const last = request.headers["last-event-id"];
      const position = typeof last === "string" ? last : (searchParams.get("after") ?? "");
      request.on(
        "close",
        feed.subscribe(position, (message) => response.write(message)),
      );
      return;
    }
    case "POST /events":
      request.setTimeout(stalledMs, () => {
        // Which also ends the connection.
        response.setHeader("connection", "close");
        json(response, 408, {
          message: `Nothing of it has come for ${stalledMs / 1000} s: it was not played`,
        });
      });
      // Of one that has come whole, the answer may take as long as playing does.
      request.once("end", () => request.setTimeout(0));
      try {
        const { status, body } = await play(request);
        json(response, status, body);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        const { message, hint, next } = error;
        json(response, 400, { message, hint, next });
      }
      return;
    default:
      json(response, 404, { message: "There are GET /, GET /updates and POST /events" });
  }
};

const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
} as const;

const STALLED_MS = 30_000;

/** Says it where nothing has been said yet. */
const json = (response: ServerResponse, status: number, body: object): void => {
  if (response.headersSent) return;
  response
    .writeHead(status, { ...HEADERS, "content-type": "application/json" })
    .end(`${visibleJson(body)}\n`);
};

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/;

/** Not from another site's page, nor by a name that somebody has pointed to this machine. */
const isOwn = ({ headers }: IncomingMessage, address: string): boolean => {
  const { host = "", origin } = headers;
  const isLoopback = address.startsWith("127.") || address === "::1";
  if (isLoopback && !LOOPBACK.test(host)) return false;
  return origin === undefined || origin === `http://${host}`;
};
