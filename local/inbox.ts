import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UsageError } from "./errors.ts";
import { systemErrorReason } from "./system-error.ts";

/** Keeps what was sent until its turn has come: in files, for it may be much. */
export interface Inbox {
  /** Resolves when all of it has come: until then, its sender may take all the time there is, and nobody waits. @throws {UsageError} */
  receive(sent: Readable): Promise<Posting>;
  close(): Promise<void>;
}

/** What one sender has sent. */
export interface Posting {
  open(): Readable;
  discard(): Promise<void>;
}

export const openInbox = async (): Promise<Inbox> => {
  const folder = await mkdtemp(join(tmpdir(), "ecs-tenant-event-handler-inbox-"));
  const receiving = new Set<Promise<void>>();
  let count = 0;
  return {
    receive: async (sent) => {
      const file = join(folder, String(++count));
      const discard = (): Promise<void> => rm(file, { force: true });
      const received = pipeline(sent, createWriteStream(file));
      receiving.add(received);
      try {
        await received;
      } catch (error) {
        await discard();
        throw new UsageError(`What was sent did not arrive: ${systemErrorReason(error) ?? String(error)}`);
      } finally {
        receiving.delete(received);
      }
      return { open: () => createReadStream(file), discard };
    },
    close: async () => {
      // A file that is just being made could not be removed with its folder.
      await Promise.allSettled(receiving);
      await rm(folder, { recursive: true, force: true });
    },
  };
};
