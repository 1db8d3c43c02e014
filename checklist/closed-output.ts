/**
 * Lets a program go on to its end when nobody reads its output any more, as after `| head -2`. Without a listener Node ends the
 * process with a stack trace, in the middle of whatever is under way, an apply of Terraform's included.
 * @param onClosed called when the standard output has no reader, for programs that have nothing else to do than print.
 */
export const tolerateClosedOutput = (onClosed: () => void = () => undefined): void => {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // EIO: the terminal was closed.
      if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
      if (stream === process.stdout) onClosed();
    });
  }
};
