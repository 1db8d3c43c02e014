import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * Records that are put aside in files, apart by a hash of their key: what belongs together is in one shard, and only
 * one shard at a time is in memory, however many records there are.
 */
export interface Spool<T> {
  add(key: string, record: T): void;
  /** All records of a shard, in the order in which they were added. */
  read(shard: number): readonly T[];
}

/** Of 50,000 records about 800 are in a shard. */
const SHARDS = 64;
export const shardNumbers: readonly number[] = Array.from({ length: SHARDS }, (_, shard) => shard);

/** Characters that wait to be written, for each shard: a small fleet needs no file. */
const BUFFER = 16_384;

/** A folder of spools, below another folder; its maker removes it. */
export class SpoolFolder {
  readonly #path: string;
  #spools = 0;

  constructor(within: string) {
    mkdirSync(within, { recursive: true });
    this.#path = mkdtempSync(join(within, "spools-"));
  }

  /** @param T what JSON can hold, as the records are written as such. */
  create<T>(): Spool<T> {
    const spool = this.#spools++;
    const buffers = new Map<number, string>();
    const fileOf = (shard: number): string => join(this.#path, `${spool}-${shard}`);
    const written = new Set<number>();
    return {
      add: (key, record) => {
        const shard = shardOf(key);
        const buffer = `${buffers.get(shard) ?? ""}${JSON.stringify(record)}\n`;
        if (buffer.length > BUFFER) {
          appendFileSync(fileOf(shard), buffer);
          written.add(shard);
        }
        buffers.set(shard, buffer.length > BUFFER ? "" : buffer);
      },
      read: (shard) => {
        const inFile = written.has(shard) ? readFileSync(fileOf(shard), "utf8") : "";
        return `${inFile}${buffers.get(shard) ?? ""}`
          .split("\n")
          .slice(0, -1)
          .map((line) => JSON.parse(line) as T);
      },
    };
  }

  remove(): void {
    rmSync(this.#path, { recursive: true, force: true });
  }
}

const shardOf = (key: string): number => (createHash("sha256").update(key).digest()[0] ?? 0) % SHARDS;
