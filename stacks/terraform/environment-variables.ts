/** The environment variables of this process, or of a program that it starts. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;
