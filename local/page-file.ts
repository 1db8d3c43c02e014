import { constants } from "node:fs";
import { access, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { UsageError } from "./errors.ts";
import { systemErrorReason } from "./system-error.ts";

/**
 * Finds out whether a page can be written before there is one: a run may take long.
 * @throws {UsageError} when its folder is not there, or when it may not be written.
 */
export const checkPageFile = async (file: string): Promise<void> => {
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory() === true) throw unwritable(file, "it is a folder");
  const folder = dirname(file);
  if (found === undefined && (await stat(folder).catch(() => undefined)) === undefined)
    throw unwritable(file, `there is no folder ${folder}`, `mkdir -p ${folder}`);
  await access(found === undefined ? folder : file, constants.W_OK).catch((error: unknown) => {
    throw unwritable(file, systemErrorReason(error) ?? String(error));
  });
};

/** @throws {UsageError} when the disk is full, or the folder has gone meanwhile. */
export const writePageFile = async (file: string, html: string): Promise<void> => {
  await writeFile(file, html).catch((error: unknown) => {
    const reason = systemErrorReason(error, "folder");
    throw reason === undefined ? error : unwritable(file, reason);
  });
};

const unwritable = (file: string, reason: string, next?: string): UsageError =>
  new UsageError(`Cannot write ${file}: ${reason}`, {
    hint: next === undefined ? "Choose another file with --html" : "Make it first",
    next,
  });
