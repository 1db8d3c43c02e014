import { mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ObstacleError } from "../../checklist/errors.ts";
import type { HeldLetter } from "./read-letters.ts";

/** A message as it lay in the queue, whole: with it, the message could be sent again. */
export const wholeMessage = ({ messageId, sentAt, receiveCount, attributes, body }: HeldLetter): object => ({
  messageId,
  sentAt,
  receiveCount,
  attributes,
  body,
});

/** A file for each message, named by its id. @throws {ObstacleError} when one cannot be written. */
export const saveToFolder = async (folder: string, letters: readonly HeldLetter[]): Promise<void> => {
  for (const letter of letters)
    await write(
      join(folder, `${letter.messageId.replaceAll(/[^\w-]/g, "_")}.json`),
      "w",
      `${JSON.stringify(wholeMessage(letter), undefined, 2)}\n`,
    );
};

/**
 * Appends a line for each message and resolves once the disk has them.
 * @throws {ObstacleError} when they cannot be written.
 */
export const appendToFile = (file: string, letters: readonly HeldLetter[]): Promise<void> =>
  write(file, "a", letters.map((letter) => `${JSON.stringify(wholeMessage(letter))}\n`).join(""));

/** Events hold no secrets, but they are nobody else's business. */
const MODE = 0o600;

const write = async (file: string, flags: "w" | "a", text: string): Promise<void> => {
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(file, flags, MODE);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new ObstacleError(
      `${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      { hint: "Choose another place with --save", cause },
    );
  }
};
