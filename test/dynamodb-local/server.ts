import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { dynamoDbLocalFolder } from "./jar.ts";

export interface DynamoDbLocal {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const NEEDED_JAVA = 17;
const PATIENCE_MS = 60_000;

/** Undefined when this machine has no Java, or one that is too old. */
export const startDynamoDbLocal = async (): Promise<DynamoDbLocal | undefined> => {
  if ((await javaVersion()) < NEEDED_JAVA) return undefined;
  const folder = await dynamoDbLocalFolder();
  const port = await freePort();
  const child = spawn(
    "java",
    [
      "-Djava.library.path=DynamoDBLocal_lib",
      "-jar",
      "DynamoDBLocal.jar",
      "-inMemory",
      "-port",
      String(port),
    ],
    { cwd: folder, stdio: ["ignore", "ignore", "inherit"] },
  );
  const ended = once(child, "exit");
  const endpoint = `http://127.0.0.1:${port}`;
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (!(await answers(endpoint))) {
    if (child.exitCode !== null || Date.now() > giveUpAt) {
      child.kill();
      throw new Error("DynamoDB Local did not start");
    }
    await wait(200);
  }
  return {
    endpoint,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
};

const javaVersion = async (): Promise<number> => {
  try {
    const { stderr } = await promisify(execFile)("java", ["-version"]);
    return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  } catch {
    return 0;
  }
};

const answers = async (endpoint: string): Promise<boolean> => {
  try {
    await fetch(endpoint);
    return true;
  } catch {
    return false;
  }
};

const freePort = async (): Promise<number> => {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
};
