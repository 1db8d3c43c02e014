import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ZipPackage } from "./zip-packages.ts";

/**
 * The notices that the licences of the packages in the zip ask for: each package with its licence's whole text, and its NOTICE.
 * @param folder in which the packages are installed.
 * @throws {Error} naming a package that comes without the text of its licence.
 */
export const thirdPartyNotices = async (packages: readonly ZipPackage[], folder: string): Promise<string> => {
  const chapters = await Promise.all(packages.map((one) => chapter(one, join(folder, one.path))));
  return [INTRODUCTION, ...chapters].join(`\n${"=".repeat(80)}\n\n`);
};

const INTRODUCTION = "dist/handler.zip contains code of these packages.\n";

const chapter = async ({ name, version, license }: ZipPackage, folder: string): Promise<string> => {
  const files = (await readdir(folder))
    .filter((file) => /^(licen[cs]e|notice|copying)(\.\w+)?$/i.test(file))
    .sort();
  if (!files.some((file) => /^(licen|copying)/i.test(file)))
    throw new Error(`${name} comes without the text of its licence, ${license}`);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return `${name} ${version} (${license})\n\n${texts.map((text) => text.trim()).join("\n\n")}\n`;
};
