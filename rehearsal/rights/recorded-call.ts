import { existsSync, readFileSync } from "node:fs";

/** A call of AWS's API, as the emulator has written it down. */
export interface RecordedCall {
  /** The ARN of the role in which it was made. */
  readonly role: string;
  readonly session: string;
  readonly account: string;
  readonly region: string;
  /** As the API calls it: `events`, `logs`. */
  readonly service: string;
  readonly action: string;
  /** The parameters that say which resource it is about. */
  readonly names: Readonly<Record<string, unknown>>;
  /** The ARN of a role that is handed to a service. */
  readonly passes: string | null;
  /** Of IAM: the boundary that the role has, or is to get. */
  readonly boundary: string | null;
  /** True when it also gives tags to what it is about. */
  readonly tagged: boolean;
}

/** @throws when nothing was written down: nothing can be said of the calls then. */
export const readCalls = (file: string): readonly RecordedCall[] => {
  if (!existsSync(file)) throw new Error(`The emulator has written no calls into ${file}`);
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as RecordedCall);
};
