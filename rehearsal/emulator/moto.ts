import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as wait } from "node:timers/promises";
import { createServer } from "node:net";
import { type BackgroundProcess, startInBackground } from "../background-process.ts";
import { listen } from "../listen.ts";
import type { Variables } from "../variables.ts";

/** An AWS on this machine. */
export interface Emulator {
  readonly endpoint: string;
  /** Ends it and starts it again, at the same address and with all that it knew. */
  restart(whileAway: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export interface MotoOptions {
  readonly python: string;
  readonly env: Variables;
  /** Where its log and its memory go. */
  readonly folder: string;
  readonly runnerUrl: string;
  /** Another program in place of ours: moto as it is, to show what it lacks. */
  readonly program?: readonly string[];
}

export const MENDED_MOTO = [fileURLToPath(new URL("moto_mended.py", import.meta.url))];

/** Starts moto on a free port and waits until it answers. */
export const startMoto = async ({
  python,
  env,
  folder,
  runnerUrl,
  program = MENDED_MOTO,
}: MotoOptions): Promise<Emulator> => {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const logFile = join(folder, "moto.log");
  const start = async (): Promise<BackgroundProcess> => {
    const process = startInBackground(python, [...program, "-H", "127.0.0.1", "-p", String(port)], {
      env: {
        ...env,
        // ECS services run as many tasks as they want.
        MOTO_ECS_SERVICE_RUNNING: "1",
        REHEARSAL_RUNNER_URL: runnerUrl,
        REHEARSAL_STATE_FILE: join(folder, "moto.state"),
      },
      logFile,
    });
    while (!(await answers(endpoint))) {
      const ending = await Promise.race([process.ended, wait(100)]);
      if (ending !== undefined) throw new Error(`moto ended with ${ending}; see ${logFile}`);
    }
    return process;
  };

  let running = await start();
  return {
    endpoint,
    restart: async (whileAway) => {
      await running.stop();
      await whileAway();
      running = await start();
    },
    stop: () => running.stop(),
  };
};

const answers = async (endpoint: string): Promise<boolean> => {
  try {
    return (await fetch(`${endpoint}/moto-api/`)).ok;
  } catch {
    // Not listening yet.
    return false;
  }
};

const freePort = async (): Promise<number> => {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
};
