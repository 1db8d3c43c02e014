/** A file of envs/ is wrong. */
export class EnvironmentFileError extends Error {
  override readonly name = "EnvironmentFileError";

  constructor(
    readonly file: string,
    readonly problems: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`${file} is wrong:\n${problems.map((problem) => `  ${problem}`).join("\n")}`, options);
  }
}

/** There is no such environment. */
export class UnknownEnvironmentError extends Error {
  override readonly name = "UnknownEnvironmentError";

  constructor(
    readonly environment: string,
    readonly known: readonly string[],
  ) {
    super(`Unknown environment ${JSON.stringify(environment)}. Known: ${known.join(", ")}`);
  }
}
