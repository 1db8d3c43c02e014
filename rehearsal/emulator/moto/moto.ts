import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as wait } from "node:timers/promises";
import { createServer } from "node:net";
import { type BackgroundProcess, startInBackground } from "../background-process.ts";
import { listen } from "../listen.ts";
import type { EnvironmentVariables } from "../../../stacks/terraform/environment-variables.ts";
import type { Emulator } from "../emulator.ts";

/** An emulator that is ours. */
export type OwnEmulator = Required<Emulator>;

export interface MotoOptions {
  readonly python: string;
  readonly env: EnvironmentVariables;
  /** Where its log and its memory go. */
  readonly folder: string;
  readonly runnerUrl: string;
  /** Another program in place of ours: moto as it is, to show what it lacks. */
  readonly program?: readonly string[];
}

/** In its folder: one call of AWS's API a line, as moto_calls.py writes it. */
export const CALLS_FILE = "calls.jsonl";

export const MENDED_MOTO = [fileURLToPath(new URL("moto_mended.py", import.meta.url))];

/** Starts moto on a free port and waits until it answers. */
export const startMoto = async ({
  python,
  env,
  folder,
  runnerUrl,
  program = MENDED_MOTO,
}: MotoOptions): Promise<OwnEmulator> => {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const logFile = join(folder, "moto.log");
  const start = async (): Promise<BackgroundProcess> => {
    const process = startInBackground(python, [...program, "-H", "127.0.0.1", "-p", String(port)], {
      env: {
        ...env,
        REHEARSAL_RUNNER_URL: runnerUrl,
        REHEARSAL_STATE_FILE: join(folder, "moto.state"),
        REHEARSAL_CALLS_FILE: join(folder, CALLS_FILE),
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
