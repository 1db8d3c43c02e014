import { EventEmitter } from "node:events";
import { Readable } from "node:stream";
import type { Scheduler } from "./clock.ts";
import type { Service } from "./service.ts";

export interface VirtualNetwork {
  readonly clock: Scheduler;
  readonly container: number;
  /** By the beginning of the host's name, such as `dynamodb`. */
  readonly services: Readonly<Record<string, Service>>;
  /** What a new connection takes, its TLS handshake included. */
  readonly connectMs: () => number;
}

interface RequestOptions {
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** As much of `node:https` as the SDK uses, with a container's kept-alive connections, to services in simulated time. */
export const virtualHttps = (network: VirtualNetwork): unknown => {
  const idle = new Map<string, VirtualSocket[]>();
  class Agent {
    readonly keepAlive = true;
    readonly sockets = {};
    readonly requests = {};
    destroy(): void {
      idle.clear();
    }
  }
  const request = (options: RequestOptions, onResponse: (response: Readable) => void): VirtualRequest => {
    const socket = idle.get(options.host)?.pop() ?? new VirtualSocket(network);
    const keep = (): void => {
      const sockets = idle.get(options.host) ?? [];
      idle.set(options.host, sockets);
      sockets.push(socket);
    };
    return new VirtualRequest(options, socket, network, keep).once("response", onResponse);
  };
  return { Agent, request };
};

class VirtualSocket extends EventEmitter {
  connecting = true;
  readonly #clock: Scheduler;
  #takeBack: (() => void) | undefined;

  constructor({ clock, connectMs }: VirtualNetwork) {
    super();
    this.#clock = clock;
    clock.after(connectMs(), () => {
      this.connecting = false;
      this.emit("connect");
    });
  }

  /** As Node's: calls when nothing has come for so long. */
  setTimeout(milliseconds: number, onTimeout: () => void): void {
    this.#takeBack?.();
    this.#takeBack = this.#clock.after(milliseconds, onTimeout);
  }

  setKeepAlive(): void {
    // Connections here do not break by lying idle.
  }

  rest(): void {
    this.#takeBack?.();
    this.#takeBack = undefined;
  }

  destroy(): void {
    this.rest();
  }
}

class VirtualRequest extends EventEmitter {
  readonly socket: VirtualSocket;
  destroyed = false;
  readonly #options: RequestOptions;
  readonly #network: VirtualNetwork;
  readonly #keep: () => void;

  constructor(options: RequestOptions, socket: VirtualSocket, network: VirtualNetwork, keep: () => void) {
    super();
    this.socket = socket;
    this.#options = options;
    this.#network = network;
    this.#keep = keep;
  }

  end(body: string | Uint8Array): void {
    const send = (): void => {
      if (!this.destroyed) this.#send(Buffer.from(body).toString());
    };
    if (this.socket.connecting) this.socket.once("connect", send);
    else process.nextTick(send);
  }

  destroy(error?: Error): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.socket.destroy();
    process.nextTick(() => {
      this.emit("error", error ?? Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
      this.emit("close");
    });
  }

  #send(body: string): void {
    const { host, headers } = this.#options;
    const { services, clock, container } = this.#network;
    const service = Object.entries(services).find(([name]) => host.startsWith(`${name}.`))?.[1];
    if (service === undefined) throw new Error(`The function talks to ${host}, which is not simulated`);
    if (!headers["authorization"]?.startsWith("AWS4-HMAC-SHA256 "))
      throw new Error("A request is not signed");
    const answer = service({
      target: headers["x-amz-target"] ?? "",
      body: JSON.parse(body) as Record<string, unknown>,
      container,
    });
    if (answer === "silence") return;
    clock.after(answer.afterMs, () => {
      if (!this.destroyed) this.#receive(answer.status, JSON.stringify(answer.body));
    });
  }

  #receive(statusCode: number, content: string): void {
    const response = Object.assign(Readable.from([Buffer.from(content)]), {
      statusCode,
      statusMessage: "",
      complete: true,
      headers: { "content-type": "application/x-amz-json-1.0" },
    });
    this.socket.rest();
    response.once("end", () => {
      this.#keep();
      this.emit("close");
    });
    this.emit("response", response);
  }
}
