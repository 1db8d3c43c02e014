import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import type { Readable } from "node:stream";

/** What a step took: CPU time of the whole process, all its threads, and its memory afterwards. */
export interface Cost {
  readonly cpuMicroseconds: number;
  readonly rssBytes: number;
}

/** A variant in a process of its own; see worker.ts. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #lines: Interface;
  readonly #complaints: string[] = [];

  constructor(command: string, args: readonly string[], environment: Readonly<Record<string, string>>) {
    // What the variants log goes nowhere: the runtime of Lambda takes it from them, not they.
    this.#child = spawn(command, args, { env: environment, stdio: ["pipe", "ignore", "pipe", "pipe"] });
    this.#child.stderr?.on("data", (data: Buffer) => this.#complaints.push(data.toString()));
    this.#lines = createInterface({ input: this.#child.stdio[3] as Readable });
    this.#answers = this.#lines[Symbol.asyncIterator]();
  }

  /** What it took until everything was loaded. To be asked first, and once. */
  loaded(): Promise<Cost> {
    return this.#next();
  }

  /** Handles events one after the other. */
  async handle(events: number): Promise<Cost> {
    this.#child.stdin?.write(`${events}\n`);
    return this.#next();
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exited;
  }

  async #next(): Promise<Cost> {
    const answer = await this.#answers.next();
    if (answer.done === true) throw new Error(`A variant died: ${this.#complaints.join("")}`);
    return JSON.parse(answer.value) as Cost;
  }
}
