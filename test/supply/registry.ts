import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { satisfies } from "semver";
import knownAdvisories from "./known-advisories.json" with { type: "json" };

/** An advisory as the registry tells it. */
export interface Advisory {
  readonly id: number;
  readonly url: string;
  readonly title: string;
  readonly severity: string;
  readonly vulnerable_versions: string;
}

/** As much of an npm registry as `npm audit` asks, over HTTP; it answers with advisories that were recorded from the real one's. */
export interface Registry {
  readonly url: string;
  /** What is known besides what was recorded, by the package's name. */
  readonly further: Map<string, readonly Advisory[]>;
  /** The packages that were asked for, one object for each audit: `{"winston": ["3.19.0"]}`. */
  readonly asked: Record<string, readonly string[]>[];
  /** Answers every audit with this status; 200 to answer it. */
  status: number;
  readonly close: () => Promise<void>;
}

export const startRegistry = async (): Promise<Registry> => {
  const further = new Map<string, readonly Advisory[]>();
  const asked: Record<string, readonly string[]>[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const sent = await buffer(request);
      if (request.url !== "/-/npm/v1/security/advisories/bulk") {
        // npm asks for the packages that need a bad one, to say which of their versions do not. It can do without.
        response.writeHead(404, { "content-type": "application/json" }).end("{}");
        return;
      }
      const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
      const packages = JSON.parse(body.toString("utf8")) as Record<string, readonly string[]>;
      asked.push(packages);
      response
        .writeHead(registry.status, { "content-type": "application/json" })
        .end(JSON.stringify(answer(packages)));
    })();
  });
  const known = new Map<string, readonly Advisory[]>(Object.entries(knownAdvisories));
  const answer = (packages: Record<string, readonly string[]>): Record<string, readonly Advisory[]> =>
    Object.fromEntries(
      Object.entries(packages)
        .map(([name, versions]): [string, readonly Advisory[]] => [
          name,
          [...(known.get(name) ?? []), ...(further.get(name) ?? [])].filter(
            ({ vulnerable_versions: range }) => versions.some((version) => satisfies(version, range)),
          ),
        ])
        .filter(([, advisories]) => advisories.length > 0),
    );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const registry: Registry = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    further,
    asked,
    status: 200,
    close: async () => {
      server.close();
      await once(server, "close");
    },
  };
  return registry;
};
