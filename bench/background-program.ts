import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A program that runs in the background and says something first. */
export interface BackgroundProgram {
  firstLine(): Promise<string>;
  stop(): Promise<void>;
}

export const startBackgroundProgram = (command: string, args: readonly string[]): BackgroundProgram => {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  return {
    firstLine: async () => {
      const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
      return line;
    },
    stop: async () => {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
  };
};
