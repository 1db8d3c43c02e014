import http from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { clearTimeout, setTimeout } from "node:timers";
import { setImmediate as nextTurn } from "node:timers/promises";
import { answerInMemory } from "./in-memory-http.mjs";

/**
 * Stands in for the Lambda runtime: loads what `_HANDLER` names from `LAMBDA_TASK_ROOT` and hands it one event after
 * another. What the function asks of the services in the arguments, the process that started this one answers. Plain
 * JavaScript, for the function runs on Node alone.
 */

// The terminal sends Ctrl-C to this process too; the one that started it decides when it ends, and how.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit());

const describe = (error) =>
  error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: "Error", message: String(error) };

const load = () => {
  // eslint-disable-next-line no-restricted-syntax -- the Lambda runtime, which this stands in for, is told so too
  const { LAMBDA_TASK_ROOT: root = "", _HANDLER: name = "" } = process.env;
  const [file = "", exported = ""] = name.split(".");
  return createRequire(join(root, "/"))(join(root, file))[exported];
};

/** What is to be said, together: each message costs both processes time. */
let outbox = [];
let sendLater;

const sendAll = () => {
  clearTimeout(sendLater);
  sendLater = undefined;
  process.send(outbox);
  outbox = [];
};

/** What the answers to the calls under way are to be given to. */
const callers = new Map();
let calls = 0;

/** Not for the function to see. */
const { hosts, rows } = JSON.parse(process.argv.splice(2)[0]);
const lentTable = rows && createRequire(rows.bundle)(rows.bundle).createLentTable(rows.host, rows.tableName);
answerInMemory(
  http,
  (host) => hosts.includes(host),
  (call, onReply) => {
    const reply = lentTable?.answer(call);
    if (reply !== undefined) {
      process.nextTick(onReply, reply);
      return;
    }
    const id = ++calls;
    callers.set(id, onReply);
    outbox.push({ kind: "call", id, ...call });
    sendAll();
  },
);

const USAGE_EVERY_MS = 100;
let usageAt = -USAGE_EVERY_MS;

/** What this process has used so far; undefined where that was said a moment ago: asking for each event would be a use of its own. */
const usage = () => {
  const now = performance.now();
  if (now - usageAt < USAGE_EVERY_MS) return undefined;
  usageAt = now;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return {
    cpuMs: (userCPUTime + systemCPUTime) / 1000,
    maxRssBytes: maxRSS * 1024,
    dynamoDbMs: lentTable?.answeringMs() ?? 0,
  };
};

const MOST_ANSWERS_AT_ONCE = 4;
/** An answer is not held back longer by an event that takes its time. */
const LONGEST_HELD_BACK_MS = 20;

/** Events that came and have no answer yet. */
let waiting = 0;

const answer = (message) => {
  outbox.push({ ...message, returned: lentTable?.takeBack() });
  if (--waiting === 0 || outbox.length >= MOST_ANSWERS_AT_ONCE) sendAll();
  else sendLater ??= setTimeout(sendAll, LONGEST_HELD_BACK_MS);
};

// What the event that ends the process has written stays written.
process.on("exit", () => {
  if (!process.connected || waiting === 0) return;
  outbox.push({ kind: "ending", returned: lentTable?.takeBack() });
  sendAll();
});

/** The end of the event that came last: the next begins when what came of it has been said. */
let last = Promise.resolve();

const invoke = async (handler, { payload, lent }) => {
  if (lent !== undefined) lentTable.lend(lent);
  try {
    answer({ kind: "answered", answer: await handler(JSON.parse(payload)), usage: usage() });
  } catch (error) {
    answer({ kind: "failed", error: describe(error) });
  }
};

try {
  const handler = load();
  process.on("message", (messages) => {
    for (const message of messages) {
      if ("payload" in message) {
        waiting++;
        last = last.then(() => invoke(handler, message)).then(nextTurn);
      } else {
        const onReply = callers.get(message.id);
        callers.delete(message.id);
        onReply(message);
      }
    }
  });
  process.send([{ kind: "ready", usage: usage() }]);
  usageAt = -USAGE_EVERY_MS;
} catch (error) {
  process.send([{ kind: "failed", error: describe(error) }]);
}
