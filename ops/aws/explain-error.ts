import { requestOf } from "./failed-request.ts";
import type { Explanation } from "../../checklist/errors.ts";

/**
 * Says what went wrong when AWS was asked; undefined for errors that are not about AWS, which are bugs.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export const explainAwsError = (error: unknown): Explanation | undefined => {
  if (!(error instanceof Error)) return undefined;
  const message = firstLine(error.message);
  const code = codeOf(error);

  if (CREDENTIALS_MISSING.test(error.name))
    return {
      message: `no usable AWS credentials (${message})`,
      hint: "Set AWS_PROFILE, or sign in",
      next: SIGN_IN,
    };
  if (CREDENTIALS_EXPIRED.test(error.name))
    return { message: "the AWS credentials have expired", hint: "Sign in again", next: SIGN_IN };
  if (CREDENTIALS_REFUSED.test(error.name))
    return { message: `AWS refuses the credentials: ${message}`, hint: "Sign in again", next: SIGN_IN };
  if (isForbidden(error)) return { message: `access denied: ${message}` };
  if (THROTTLED.test(error.name))
    return {
      message: `AWS throttles ${requestOf(error)?.api ?? "the request"}: ${message}`,
      hint: "Wait a minute, then run the command again",
    };
  const table = requestOf(error)?.table;
  if (error.name === "ResourceNotFoundException" && table !== undefined)
    return {
      message: `there is no table ${table} in this account and region`,
      hint: "Check the account and envs/",
    };
  if (DAMAGED.test(message))
    return {
      message: `the answer of AWS arrived damaged: ${message}`,
      hint: "Run the command again; if it stays, look at the proxy between",
    };
  if (NO_ANSWER_OF_AWS.test(message) && ("$response" in error || "$metadata" in error))
    return {
      message:
        "something other than AWS has answered, with a page and not with data: a proxy, or a sign-in page",
      hint: "Check HTTPS_PROXY, AWS_ENDPOINT_URL and the network, then run the command again",
    };
  if (code !== undefined && UNREACHABLE.has(code))
    return {
      message: `AWS cannot be reached${describePlace(error)} (${code})`,
      hint: "Check the network, then run the command again",
    };
  if (error.name === "TimeoutError")
    return { message: `AWS did not answer in time: ${message}`, hint: "Run the command again" };
  return "$metadata" in error ? { message: `${error.name}: ${message}` } : undefined;
};

/** True when AWS says that there is no such thing; each service has its own word for it. */
export const isNotFound = (error: unknown): boolean => error instanceof Error && NOT_FOUND.test(error.name);

/** True when AWS says no to who asks; an answer to HEAD has a status and no more. */
export const isForbidden = (error: unknown): boolean =>
  error instanceof Error && (ACCESS_DENIED.test(error.name) || statusOf(error) === 403);

const SIGN_IN = "aws sso login";

const THROTTLED =
  /^(Throttling|ThrottlingException|ThrottledException|RequestThrottled|RequestThrottledException|TooManyRequestsException|RequestLimitExceeded|ProvisionedThroughputExceededException|LimitExceededException|SlowDown)$/;
const DAMAGED = /checksum/i;
/** What the SDK says when it was to read JSON or XML and got a page. */
const NO_ANSWER_OF_AWS = /Unexpected token '?<|is not valid JSON|Deserialization error|<html|<!doctype/i;

/** ` at 127.0.0.1:9`; nothing where the error does not say. */
const describePlace = (error: Error): string => {
  const fields = new Map<string, unknown>(Object.entries(error));
  const port = fields.get("port");
  const host = [fields.get("hostname"), fields.get("address")].find((one) => typeof one === "string");
  if (typeof host !== "string") return "";
  return ` at ${host}${typeof port === "number" ? `:${port}` : ""}`;
};

const CREDENTIALS_MISSING = /^(CredentialsProviderError|TokenProviderError)$/;
const CREDENTIALS_EXPIRED = /^(ExpiredToken|ExpiredTokenException|RequestExpired)$/;
const CREDENTIALS_REFUSED =
  /^(UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch|InvalidAccessKeyId|AuthFailure)$/;
const ACCESS_DENIED =
  /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError|Forbidden)$/;
const NOT_FOUND =
  /^(AWS\.SimpleQueueService\.NonExistentQueue|ResourceNotFound|ResourceNotFoundException|DashboardNotFoundError|ClusterNotFoundException|QueueDoesNotExist|NotFound|NotFoundException|NoSuchBucket|NoSuchBucketPolicy|NoSuchEntity|NoSuchEntityException|NoSuchKey|NoSuchLifecycleConfiguration|NoSuchPublicAccessBlockConfiguration|ServerSideEncryptionConfigurationNotFoundError)$/;
const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "EPIPE",
]);

const codeOf = (error: Error): string | undefined =>
  "code" in error && typeof error.code === "string" ? error.code : undefined;

const statusOf = (error: Error): unknown =>
  "$metadata" in error && typeof error.$metadata === "object" && error.$metadata !== null
    ? (error.$metadata as { httpStatusCode?: unknown }).httpStatusCode
    : undefined;

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";
