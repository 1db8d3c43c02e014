import { randomUUID } from "node:crypto";
import type { PageUpdate } from "../page/page-data.ts";

/** Takes what is sent to one page. */
export type Subscriber = (message: string) => void;

/** How many updates are kept for pages that were away. */
const KEPT_UPDATES = 10_000;
const FLUSH_MS = 100;

/**
 * Tells pages what has happened since they were made, in server-sent events. Each has an id that says where it stands; a page that connects
 * again sends the last one that it had.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class UpdateFeed {
  /** Another run of the program counts from the beginning again. */
  readonly #run = randomUUID();
  readonly #subscribers = new Map<Subscriber, number>();
  #kept: PageUpdate[] = [];
  #count = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Where a page that is made now stands. */
  get position(): string {
    return `${this.#run}.${this.#count}`;
  }

  add(update: PageUpdate): void {
    this.#kept.push(update);
    this.#count++;
    if (this.#kept.length > 2 * KEPT_UPDATES) this.#kept = this.#kept.slice(-KEPT_UPDATES);
    this.#timer ??= setTimeout(() => {
      this.#flush();
    }, FLUSH_MS);
  }

  /** @returns what ends it. */
  subscribe(position: string, send: Subscriber): () => void {
    const [, run = "", count = ""] = /^(.+)\.(\d+)$/.exec(position) ?? [];
    const from = Number(count);
    if (run !== this.#run || from > this.#count || from < this.#count - this.#kept.length) {
      send("event: outdated\ndata: \n\n");
      return () => undefined;
    }
    this.#subscribers.set(send, from);
    this.#flush();
    return () => this.#subscribers.delete(send);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#subscribers.clear();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [send, from] of this.#subscribers) {
      if (from === this.#count) continue;
      const updates = this.#kept.slice(from - this.#count);
      this.#subscribers.set(send, this.#count);
      // JSON has no line breaks of its own.
      send(`id: ${this.position}\nevent: update\ndata: ${JSON.stringify(updates)}\n\n`);
    }
  }
}
