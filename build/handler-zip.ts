import JSZip from "jszip";

/** Any fixed time would do; this is the earliest that the zip format knows. */
const MTIME = new Date(Date.UTC(1980, 0, 1));

/** A regular file, readable by all: the runtime's user is not the file's owner. */
const MODE = 0o100644;

/**
 * Zips the function's files so that equal files give equal bytes: no file times, owners or modes of this machine. JSZip
 * compresses in JavaScript, as zlib does; Node's own zlib gives other bytes on other processors.
 */
export const zipFunction = async (files: Readonly<Record<string, Uint8Array>>): Promise<Uint8Array> => {
  const zip = new JSZip();
  for (const [name, content] of Object.entries(files)) {
    zip.file(name, content, { date: MTIME, unixPermissions: MODE, createFolders: false });
  }
  return zip.generateAsync({
    type: "uint8array",
    platform: "UNIX",
    compression: "DEFLATE",
    compressionOptions: { level: 9 },
  });
};
