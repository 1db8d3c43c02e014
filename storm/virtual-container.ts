import { createRequire } from "node:module";
import { Script } from "node:vm";
import type { Scheduler } from "./clock.ts";
import type { FunctionCode } from "./function-code.ts";
import { type VirtualNetwork, virtualHttps } from "./virtual-https.ts";

export type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/** What the function's files are given in place of Node's own: everything that tells or takes time, and the network. */
const SUBSTITUTES = [
  "require",
  "process",
  "console",
  "Math",
  "Date",
  "performance",
  "setTimeout",
  "clearTimeout",
  "setImmediate",
  "AbortSignal",
] as const;

export interface VirtualContainerOptions {
  readonly network: VirtualNetwork;
  readonly environment: Readonly<Record<string, string>>;
  readonly random: () => number;
}

/** Compiles the function's files, once for all containers. */
export const prepareContainers = (
  code: FunctionCode,
): ((options: VirtualContainerOptions) => { readonly handler: Handler }) => {
  const scripts = new Map(
    Object.entries(code).map(([name, text]) => [
      `./${name}`,
      new Script(`(function (module, exports, ${SUBSTITUTES.join(", ")}) {${text}\n})`),
    ]),
  );
  return (options) => {
    const loaded = new Map<string, { exports: unknown }>();
    const load = (name: string): unknown => {
      const before = loaded.get(name);
      if (before !== undefined) return before.exports;
      const script = scripts.get(name);
      if (script === undefined) return requireBuiltin(name);
      const module: { exports: unknown } = { exports: {} };
      loaded.set(name, module);
      const run = script.runInThisContext() as (...values: unknown[]) => void;
      run(module, module.exports, ...SUBSTITUTES.map((substitute) => values[substitute]));
      return module.exports;
    };
    const { requireBuiltin, ...others } = substitutes(options);
    const values: Record<(typeof SUBSTITUTES)[number], unknown> = { ...others, require: load };
    return load("./index.js") as { readonly handler: Handler };
  };
};

const substitutes = ({
  network,
  environment,
  random,
}: VirtualContainerOptions): Record<Exclude<(typeof SUBSTITUTES)[number], "require">, unknown> & {
  readonly requireBuiltin: (name: string) => unknown;
} => {
  const { clock } = network;
  const setTimeout = (
    call: (...values: unknown[]) => void,
    milliseconds = 0,
    ...values: unknown[]
  ): Timeout =>
    new Timeout(
      clock.after(milliseconds, () => {
        call(...values);
      }),
    );
  const silent = { write: () => true };
  const nothing = (): void => undefined;
  const quiet = {
    _stdout: silent,
    _stderr: silent,
    log: nothing,
    info: nothing,
    warn: nothing,
    error: nothing,
  };
  const process = Object.assign(Object.create(globalThis.process) as object, { env: { ...environment } });
  return {
    requireBuiltin: requireFor(network, process),
    process,
    console: quiet,
    Math: Object.assign(Object.create(Math) as object, { random }),
    Date: dateOf(clock),
    performance: { now: () => clock.now() },
    setTimeout,
    clearTimeout: (timeout: unknown) => {
      if (timeout instanceof Timeout) timeout.takeBack();
    },
    setImmediate: (call: (...values: unknown[]) => void, ...values: unknown[]) =>
      setTimeout(call, 0, ...values),
    AbortSignal: abortSignalOf(clock),
  };
};

/** What the simulated setTimeout returns. */
class Timeout {
  readonly takeBack: () => void;

  constructor(takeBack: () => void) {
    this.takeBack = takeBack;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

const nodeRequire = createRequire(import.meta.url);

const requireFor = (network: VirtualNetwork, process: object): ((name: string) => unknown) => {
  const own: Readonly<Record<string, unknown>> = {
    "node:https": virtualHttps(network),
    "node:process": process,
    "node:timers/promises": { setTimeout: waitOf(network.clock) },
  };
  return (name) => own[name] ?? (nodeRequire(name) as unknown);
};

const waitOf =
  (clock: Scheduler) =>
  (milliseconds: number, value: unknown, { signal }: { signal?: AbortSignal } = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const takeBack = clock.after(milliseconds, () => {
        resolve(value);
      });
      signal?.addEventListener("abort", () => {
        takeBack();
        reject(Object.assign(new Error("The operation was aborted"), { name: "AbortError" }));
      });
    });

const dateOf = (clock: Scheduler): DateConstructor =>
  new Proxy(Date, {
    construct: (target, values: readonly unknown[], newTarget) =>
      Reflect.construct(target, values.length === 0 ? [clock.now()] : values, newTarget) as Date,
    get: (target, name, receiver) =>
      name === "now" ? () => clock.now() : (Reflect.get(target, name, receiver) as unknown),
  });

const abortSignalOf = (clock: Scheduler): unknown =>
  new Proxy(AbortSignal, {
    get: (target, name, receiver) =>
      name === "timeout"
        ? (milliseconds: number) => {
            const controller = new AbortController();
            clock.after(milliseconds, () => {
              controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
            });
            return controller.signal;
          }
        : (Reflect.get(target, name, receiver) as unknown),
  });
