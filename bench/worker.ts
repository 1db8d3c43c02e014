import { readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";

/**
 * A variant in a process of its own: loads the bundle that it is given, if any, and says what that took; then handles as
 * many events as each line on standard input says, and says what those took. Answers go to descriptor 3, as JSON lines.
 */
interface Module {
  readonly handler: (event: unknown) => Promise<unknown>;
}

const answer = (answered: Record<string, number>): void => {
  writeSync(3, `${JSON.stringify(answered)}\n`);
};
const cpuMicroseconds = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

const [, , bundlePath, eventPath] = process.argv;
const loaded = bundlePath === undefined ? undefined : (createRequire(__filename)(bundlePath) as Module);
answer({ cpuMicroseconds: cpuMicroseconds(), rssBytes: process.memoryUsage.rss() });

if (loaded !== undefined && eventPath !== undefined) {
  const event = JSON.parse(readFileSync(eventPath, "utf8")) as Record<string, unknown>;
  let id = 0;
  process.stdin.setEncoding("utf8").on("data", (line: string) => {
    void (async () => {
      const count = Number(line);
      const before = cpuMicroseconds();
      for (let handled = 0; handled < count; handled++) {
        await loaded.handler({ ...event, id: `event-${id++}` });
      }
      answer({ cpuMicroseconds: cpuMicroseconds() - before, rssBytes: process.memoryUsage.rss() });
    })();
  });
}
