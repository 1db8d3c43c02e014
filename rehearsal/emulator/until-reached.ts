import { setTimeout as wait } from "node:timers/promises";

/** What stands for an AWS service that is never away asks the emulator again when that is away. */
export const untilReached = async <T>(ask: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Error && "code" in error && AWAY.has(String(error.code)))) throw error;
      await wait(AWAY_MS);
    }
  }
};

const AWAY = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE"]);
const AWAY_MS = 200;
