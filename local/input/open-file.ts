import { constants, createReadStream, fstatSync, openSync } from "node:fs";
import { Socket } from "node:net";
import { addAbortSignal, type Readable } from "node:stream";
import { isatty, ReadStream as TerminalStream } from "node:tty";

/**
 * Opens whatever has a path, for reading. Neither a pipe that nobody has written to yet, nor a terminal, is waited for in a way that
 * could not be stopped: Node.js reads files by threads that cannot be interrupted, and a process does not end before they are done.
 * @param signal ends the reading.
 * @throws what the operating system says.
 */
export const openFile = (path: string, signal: AbortSignal): Readable => {
  // Else opening a pipe (FIFO) waits for its writer.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return addAbortSignal(signal, readerOf(fd));
};

const readerOf = (fd: number): Readable => {
  if (isatty(fd)) return new TerminalStream(fd);
  const file = fstatSync(fd);
  return file.isFIFO() || file.isSocket()
    ? new Socket({ fd, readable: true, writable: false })
    : // Not by a FileHandle, which Node.js closes with a warning where nobody has read to the end.
      createReadStream("", { fd });
};
