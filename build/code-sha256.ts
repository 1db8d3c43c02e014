import { createHash } from "node:crypto";

/**
 * What Lambda reports as a function's `CodeSha256`: base64 of the zip's SHA-256.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
 */
export const codeSha256 = (zip: Uint8Array): string => createHash("sha256").update(zip).digest("base64");
