import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type { Answer } from "../handler/answer.ts";
import { parseJson } from "../checklist/parse-json.ts";

/** What the handler made of an event. */
export type Invoked =
  | { readonly kind: "answered"; readonly answer: Answer }
  /** It threw, timed out or crashed, or what it answered is no answer of this handler. */
  | { readonly kind: "threw"; readonly error: HandlerError };

export interface HandlerError {
  readonly errorType: string;
  readonly errorMessage: string;
}

export interface InvokeTarget {
  readonly functionName: string;
  /** A version's number or an alias. */
  readonly qualifier: string;
}

/**
 * Invokes the handler synchronously: no retries by Lambda, no dead-letter queue.
 * @throws what the SDK throws when Lambda does not get as far as running it.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export const invokeHandler = async (
  lambda: LambdaClient,
  { functionName, qualifier }: InvokeTarget,
  event: unknown,
  signal?: AbortSignal,
): Promise<Invoked> => {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({
      FunctionName: functionName,
      Qualifier: qualifier,
      InvocationType: "RequestResponse",
      Payload: Buffer.from(JSON.stringify(event)),
    }),
    signal === undefined ? {} : { abortSignal: signal },
  );
  const text = Payload === undefined ? "" : Buffer.from(Payload).toString();
  const payload = parseJson(text);
  if (FunctionError !== undefined) return { kind: "threw", error: readError(payload, FunctionError, text) };
  return isAnswer(payload)
    ? { kind: "answered", answer: payload }
    : {
        kind: "threw",
        error: { errorType: "NoAnswer", errorMessage: `answered ${text.slice(0, MAX_QUOTED)}` },
      };
};

/** `ignored (unknown_tenant)`, `success (acme <status>)`, `threw InvalidEventError: …` */
export const describeInvoked = (invoked: Invoked): string => {
  if (invoked.kind === "threw") return `threw ${invoked.error.errorType}: ${invoked.error.errorMessage}`;
  const { answer } = invoked;
  return answer.status === "ignored"
    ? `ignored (${answer.reason})`
    : `success (${answer.tenantId} ${answer.tenantStatus})`;
};

/** Characters of a payload that nobody foresaw. */
const MAX_QUOTED = 200;

const isAnswer = (payload: unknown): payload is Answer =>
  typeof payload === "object" &&
  payload !== null &&
  "status" in payload &&
  (payload.status === "ignored"
    ? "reason" in payload && typeof payload.reason === "string"
    : payload.status === "success" && "tenantId" in payload && typeof payload.tenantId === "string");

const readError = (payload: unknown, functionError: string, text: string): HandlerError => {
  const { errorType, errorMessage }: { errorType?: unknown; errorMessage?: unknown } =
    typeof payload === "object" && payload !== null ? payload : {};
  return {
    errorType: typeof errorType === "string" ? errorType : functionError,
    errorMessage: typeof errorMessage === "string" ? errorMessage : text.slice(0, MAX_QUOTED),
  };
};
