import { Buffer } from "node:buffer";
import { EventEmitter } from "node:events";
import process from "node:process";

/**
 * Has requests to some hosts answered without a network: what the AWS SDK's own request handler gets from `node:http` for them
 * is as much of a request as it uses. All before that, from a command to the signed request, and all after it, from the response's
 * bytes to the output, is the SDK's. Other hosts are reached as ever. Plain JavaScript, as function-host.mjs is.
 * @param http the module `node:http`, whose `request` is replaced.
 * @param answers whether requests to this host are answered here.
 * @param send takes a request with what its answer is to be given to.
 */
export const answerInMemory = (http, answers, send) => {
  const overNetwork = http.request;
  http.request = (options, onResponse) =>
    answers(options.host)
      ? new InMemoryRequest(options, send).once("response", onResponse)
      : overNetwork(options, onResponse);
};

const nothing = () => undefined;

/** A connection that is there, never breaks and never idles; each request has listeners of its own on it for as long as it takes. */
const SOCKET = Object.assign(new EventEmitter().setMaxListeners(0), {
  connecting: false,
  setTimeout: nothing,
  setKeepAlive: nothing,
  destroy: nothing,
});

class InMemoryRequest extends EventEmitter {
  socket = SOCKET;
  destroyed = false;
  #options;
  #send;

  constructor(options, send) {
    super();
    this.#options = options;
    this.#send = send;
  }

  end(body = "") {
    const { host, headers } = this.#options;
    const call = {
      host,
      target: headers["x-amz-target"],
      body: typeof body === "string" ? body : Buffer.from(body).toString(),
    };
    this.#send(call, (reply) => {
      if (!this.destroyed) this.#receive(reply);
    });
  }

  destroy(error) {
    if (this.destroyed) return this;
    this.destroyed = true;
    process.nextTick(() => {
      this.emit("error", error ?? Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
      this.emit("close");
    });
    return this;
  }

  #receive({ status, body }) {
    this.emit("response", responseOf(status, body));
    this.emit("close");
  }
}

/** Its own body, whole: the SDK reads a body of bytes as it is, and would read one that came in parts by streams. */
const responseOf = (status, body) =>
  Object.assign(Buffer.from(body), {
    statusCode: status,
    statusMessage: "",
    complete: true,
    headers: { "content-type": "application/x-amz-json-1.0" },
  });
