import { createHash } from "node:crypto";
import { zipSync } from "fflate";

/** Any fixed time would do; this is the earliest that the zip format knows. In local time, as fflate reads it. */
const MTIME = new Date(1980, 0, 1);

/** Unix, regular file, readable by all: the runtime's user is not the file's owner. */
const UNIX = 3;
const MODE = 0o100644 << 16;

/** Zips the bundle so that equal bundles give equal bytes: no file times, owners or modes of this machine. */
export const zipHandler = (code: Uint8Array): Uint8Array =>
  zipSync({ "index.js": [code, { mtime: MTIME, os: UNIX, attrs: MODE, level: 9 }] });

/**
 * What Lambda reports as a function's `CodeSha256`: base64 of the zip's SHA-256.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
 */
export const codeSha256 = (zip: Uint8Array): string => createHash("sha256").update(zip).digest("base64");
