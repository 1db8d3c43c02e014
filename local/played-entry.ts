import type { Answer } from "../handler/answer.ts";
import type { EventGlance } from "./event-glance.ts";
import type { Position } from "./input/event-stream.ts";

/** What became of one entry of the stream. */
export interface PlayedEntry {
  readonly position: Position;
  /** Empty for a malformed entry. */
  readonly glance: EventGlance;
  /** Undefined when it is not known whose event it is. */
  readonly tenantId: string | undefined;
  readonly result: Answer | Failure;
  /** The requests that it cost DynamoDB. */
  readonly requests: number;
}

export interface Failure {
  readonly status: "failed";
  readonly error: { readonly name: string; readonly message: string };
}
