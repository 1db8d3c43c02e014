import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Browser } from "playwright-core";

/** Debian's name for it, and others'. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The machine's Chromium; undefined when it has none. CHROMIUM names one that is elsewhere. */
export const findChromium = (env: Readonly<Record<string, string | undefined>>): string | undefined =>
  [
    env["CHROMIUM"],
    ...(env["PATH"] ?? "").split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name))),
  ].find((path) => path !== undefined && existsSync(path));

export const startBrowser = async (executablePath: string): Promise<Browser> => {
  // It takes half a second to load, and to find Chromium does without it.
  const { chromium } = await import("playwright-core");
  // Root, as in containers, has no sandbox; the pages are our own.
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
};
