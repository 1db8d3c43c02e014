import type { Output, Reporter } from "./reporter.ts";
import { visibleText } from "./visible.ts";

/** How long nothing may be heard. */
const BEAT_MS = 10_000;

/** A reporter that gives a sign of life while a check is silent. */
export interface Heartbeat extends Reporter {
  /** Something was heard of the command in another way: a program that it runs has written. */
  heard(): void;
  /** For the end, whatever it is. */
  stop(): void;
}

/**
 * Says every 10 seconds in which nothing was heard what the command is at, and for how long. It goes to the error stream: what the command
 * prints stays what it is. A check that waits for what may never come has said so, and is left in peace.
 */
export const withHeartbeat = (reporter: Reporter, stderr: Output): Heartbeat => {
  let title: string | undefined;
  let silentMs = 0;
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const wait = (): void => {
    timer = setTimeout(() => {
      silentMs += BEAT_MS;
      stderr.write(`${visibleText(title ?? "")}: still running, nothing new for ${silentMs / 1000} s\n`);
      wait();
    }, BEAT_MS);
    // No reason for the process to live on.
    timer.unref();
  };
  const heard = (): void => {
    silentMs = 0;
    if (timer === undefined) return;
    stop();
    wait();
  };
  return {
    begin: (stage) => {
      reporter.begin(stage);
    },
    started: (listed) => {
      stop();
      silentMs = 0;
      ({ title } = listed.check);
      reporter.started(listed);
      if (listed.check.waitsForNews?.() !== true) wait();
    },
    progressed: (listed, progress) => {
      heard();
      reporter.progressed(listed, progress);
    },
    finished: (listed, finding) => {
      stop();
      reporter.finished(listed, finding);
    },
    audit: (line) => {
      heard();
      reporter.audit(line);
    },
    end: (report, result) => {
      stop();
      return reporter.end(report, result);
    },
    heard,
    stop,
  };
};
