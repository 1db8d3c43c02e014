import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

/** Debian's name for it, and others'. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The machine's Chromium; undefined when it has none. CHROMIUM names one that is elsewhere. */
export const findChromium = (env: Readonly<Record<string, string | undefined>>): string | undefined =>
  [
    env["CHROMIUM"],
    ...(env["PATH"] ?? "").split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name))),
  ].find((path) => path !== undefined && existsSync(path));

export const startBrowser = (executablePath: string): Promise<Browser> =>
  // Root, as in containers, has no sandbox; the pages are our own.
  chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
