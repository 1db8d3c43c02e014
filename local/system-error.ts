/**
 * Why the operating system has refused something, for people; undefined for any other error: an abort or a bug is no mistake of
 * the one who asked.
 * @param sought what is missing where something is.
 */
export const systemErrorReason = (error: unknown, sought: "file" | "folder" = "file"): string | undefined => {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT") return `there is no such ${sought}`;
  return /^E[A-Z0-9]+$/.test(code) ? (REASONS.get(code) ?? code) : undefined;
};

const REASONS: ReadonlyMap<string, string> = new Map([
  ["EISDIR", "it is a folder"],
  ["ENOTDIR", "a part of its path is no folder"],
  ["EACCES", "permission denied"],
  ["EROFS", "the disk is read-only"],
  ["ENOSPC", "no space is left on the disk"],
]);
