import { isObject } from "../../checklist/is-object.ts";
import { parseJson } from "../../checklist/parse-json.ts";

/** Who parked a message, which decides where in it the event is. */
export type ParkedBy = "EventBridge" | "Lambda destination" | "Lambda DLQ" | "someone";

/** What the queue knows of a message: its body and its string attributes. */
export interface RawMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A message without its wrapping. */
export interface Unwrapped {
  readonly parkedBy: ParkedBy;
  /** Why it was parked, in the words of the service that parked it. */
  readonly cause: string;
  /** The event as it was sent; undefined when the message holds none. */
  readonly event: unknown;
}

/**
 * Takes the event out of a dead-letter message. One queue holds three forms of them:
 *
 *     EventBridge         body: the event     attributes: ERROR_CODE, ERROR_MESSAGE, EXHAUSTED_RETRY_CONDITION, …
 *     Lambda destination  body: a record with the event as requestPayload and what became of it
 *     Lambda DLQ          body: the event     attributes: RequestID, ErrorCode, ErrorMessage
 *
 * and a bare event when somebody sent one by hand.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export const unwrap = ({ body, attributes }: RawMessage): Unwrapped => {
  const content = parseJson(body);
  if (isObject(content) && isObject(content["requestContext"]) && "requestPayload" in content) {
    return {
      parkedBy: "Lambda destination",
      cause: joined(content["requestContext"]["condition"], ...responseError(content["responsePayload"])),
      event: content["requestPayload"],
    };
  }
  const { ERROR_CODE, ERROR_MESSAGE, EXHAUSTED_RETRY_CONDITION, RULE_ARN } = attributes;
  if (ERROR_CODE !== undefined || RULE_ARN !== undefined) {
    return {
      parkedBy: "EventBridge",
      cause: joined(EXHAUSTED_RETRY_CONDITION, ERROR_CODE, ERROR_MESSAGE),
      event: content,
    };
  }
  const { ErrorCode, ErrorMessage, RequestID } = attributes;
  if (ErrorCode !== undefined || RequestID !== undefined) {
    return { parkedBy: "Lambda DLQ", cause: joined(ErrorCode, ErrorMessage), event: content };
  }
  return { parkedBy: "someone", cause: "not said", event: content };
};

const responseError = (response: unknown): unknown[] =>
  isObject(response) ? [response["errorType"], response["errorMessage"]] : [];

const joined = (...parts: readonly unknown[]): string =>
  parts.filter((part) => typeof part === "string" && part !== "").join(": ") || "not said";
