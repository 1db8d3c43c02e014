import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { TLSSocket, type SecureVersion } from "node:tls";
import { promisify } from "node:util";

/** A key and a certificate for some names, signed by itself. */
export interface Certificate {
  readonly keyPath: string;
  readonly path: string;
}

/** Makes a certificate with the `openssl` of this machine: Node cannot. */
export const makeCertificate = async (directory: string, names: readonly string[]): Promise<Certificate> => {
  const [keyPath, path] = [join(directory, "key.pem"), join(directory, "certificate.pem")];
  await promisify(execFile)("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
    ...["-keyout", keyPath, "-out", path, "-days", "2", "-subj", "/CN=test"],
    ...["-addext", `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}`],
  ]);
  return { keyPath, path };
};

/** A request as it came through TLS. */
export interface TlsRequest {
  readonly host: string | undefined;
  /** The name that the client asked for in the handshake. */
  readonly servername: string | undefined;
  readonly protocol: string | null;
  /** Such as `AKIATEST/us-east-1/dynamodb`. */
  readonly signedFor: string | undefined;
}

export interface TlsServer {
  readonly port: number;
  readonly requests: readonly TlsRequest[];
  close(): void;
}

/** Answers every request as DynamoDB or ECS would, over TLS. */
export const startTlsServer = async (
  { keyPath, path }: Certificate,
  answer: (host: string) => unknown,
  maxVersion: SecureVersion = "TLSv1.3",
): Promise<TlsServer> => {
  const requests: TlsRequest[] = [];
  const server = createServer(
    { key: await readFile(keyPath), cert: await readFile(path), minVersion: "TLSv1", maxVersion },
    ({ headers, socket }, response) => {
      const { host = "", authorization } = headers;
      if (!(socket instanceof TLSSocket)) throw new Error("A request did not come through TLS");
      const [, key, region, service] =
        /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)/.exec(authorization ?? "") ?? [];
      requests.push({
        host,
        servername: nameAskedFor(socket),
        protocol: socket.getProtocol(),
        signedFor: key === undefined ? undefined : [key, region, service].join("/"),
      });
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify(answer(host)));
    },
  );
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

/** Node's types know a socket's `servername` on the client's side only. */
const nameAskedFor = (socket: object): string | undefined =>
  "servername" in socket && typeof socket.servername === "string" ? socket.servername : undefined;
