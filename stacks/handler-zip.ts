/** The function's code, as the build left it. */
export interface HandlerZip {
  /** Absolute. */
  readonly path: string;
  /** What Lambda will report as the function's `CodeSha256`. */
  readonly codeSha256: string;
}
