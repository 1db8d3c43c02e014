import { requestOf } from "./failed-request.ts";
import { PageError } from "./refuse-pages.ts";
import type { Explanation } from "../../checklist/errors.ts";
import { propertiesOf } from "../../checklist/parse-json.ts";

/**
 * Says what went wrong when AWS was asked; undefined for errors that are not about AWS, which are bugs.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export const explainAwsError = (error: unknown): Explanation | undefined => {
  if (!(error instanceof Error)) return undefined;
  const message = isWithoutReason(error)
    ? `HTTP ${statusOf(error) ?? "?"}, without a reason`
    : firstLine(error.message);
  const code = codeOf(error);
  const request = requestOf(error);

  if (CREDENTIALS_MISSING.test(error.name))
    return {
      message: `no usable AWS credentials (${message})`,
      hint: "Set AWS_PROFILE, or sign in",
      next: SIGN_IN,
    };
  if (isPage(error, message))
    return {
      message:
        "something other than AWS has answered, with a page and not with data: a proxy, or a sign-in page",
      hint: "Check HTTPS_PROXY, AWS_ENDPOINT_URL and the network, then run the command again",
    };
  if (isClockWrong(error))
    return {
      message: `the clock of this machine is wrong: ${message}`,
      hint: "Set it, then run the command again",
    };
  if (CREDENTIALS_EXPIRED.test(error.name))
    return { message: "the AWS credentials have expired", hint: "Sign in again", next: SIGN_IN };
  if (CREDENTIALS_REFUSED.test(error.name))
    return { message: `AWS refuses the credentials: ${message}`, hint: "Sign in again", next: SIGN_IN };
  const api = request?.api ?? "the request";
  if (isForbidden(error))
    return { message: `access denied: ${isWithoutReason(error) ? `${api}: ` : ""}${message}` };
  if (THROTTLED.test(error.name) || statusOf(error) === 429)
    return {
      message: `AWS throttles ${api}: ${message}`,
      hint: WAIT,
    };
  if (error.name === "ResourceNotFoundException" && request?.table !== undefined)
    return {
      message: `there is no table ${request.table} in this account and region`,
      hint: "Check the account and envs/",
    };
  if (DAMAGED.test(message))
    return {
      message: `the answer of AWS arrived damaged: ${message}`,
      hint: "Run the command again; if it stays, look at the proxy between",
    };
  if (code !== undefined && UNREACHABLE.has(code))
    return {
      message: `AWS cannot be reached${describePlace(error)} (${code})`,
      hint: "Check the network, then run the command again",
    };
  if (code !== undefined && UNTRUSTED.test(code))
    return {
      message: `the connection to AWS${describePlace(error)} cannot be trusted (${code}): a proxy is between, or this is no endpoint of AWS`,
      hint: "Check HTTPS_PROXY and AWS_ENDPOINT_URL; name the certificate of a proxy in NODE_EXTRA_CA_CERTS",
    };
  if (error.name === "TimeoutError")
    return {
      message: `AWS did not answer in time${describePlace(error)}: ${message}`,
      hint: "Run the command again",
    };
  if (request !== undefined && code !== undefined && SETTINGS.test(code))
    return {
      message: `${api} could not be asked: ${message}`,
      hint: "Check AWS_ENDPOINT_URL, and what the AWS credentials are read from",
    };
  if (!("$metadata" in error)) return undefined;
  return {
    message: `${request === undefined ? "" : `${api}: `}${isWithoutReason(error) ? "" : `${error.name}: `}${message}`,
    hint: isServersFault(error) ? WAIT : undefined,
  };
};

/** True when AWS says that there is no such thing; each service has its own word for it. */
export const isNotFound = (error: unknown): boolean => error instanceof Error && NOT_FOUND.test(error.name);

/** True when AWS says no to who asks; an answer to HEAD has a status and no more. With that status it also refuses credentials and clocks. */
export const isForbidden = (error: unknown): boolean =>
  error instanceof Error &&
  (ACCESS_DENIED.test(error.name) || (statusOf(error) === 403 && !isNoIdentity(error)));

/** True when AWS would say the same again: it says no to who asks, or has not found out who that is. */
export const isRefused = (error: unknown): boolean =>
  isForbidden(error) ||
  (error instanceof Error && (CREDENTIALS_MISSING.test(error.name) || isNoIdentity(error)));

const SIGN_IN = "aws sso login";
const WAIT = "Wait a minute, then run the command again";

const isPage = (error: Error, message: string): boolean =>
  error instanceof PageError ||
  (NO_ANSWER_OF_AWS.test(message) && ("$response" in error || "$metadata" in error));

const isClockWrong = ({ name, message }: Error): boolean =>
  CLOCK_WRONG.test(name) || SIGNED_AT_WRONG_TIME.test(message);

/** AWS has not found out who asks. */
const isNoIdentity = (error: Error): boolean =>
  isClockWrong(error) || CREDENTIALS_EXPIRED.test(error.name) || CREDENTIALS_REFUSED.test(error.name);

const isServersFault = (error: Error): boolean => (statusOf(error) ?? 0) >= 500;

/** An answer to HEAD has a status and no more, which the SDK calls unknown. */
const isWithoutReason = ({ message }: Error): boolean => message === "UnknownError" || message === "Unknown";

const THROTTLED =
  /^(Throttling|ThrottlingException|ThrottledException|RequestThrottled|RequestThrottledException|TooManyRequestsException|RequestLimitExceeded|ProvisionedThroughputExceededException|LimitExceededException|SlowDown)$/;
const DAMAGED = /checksum/i;
/** What the SDK says when it was to read JSON or XML and got a page. */
const NO_ANSWER_OF_AWS = /Unexpected token '?<|is not valid JSON|Deserialization error|<html|<!doctype/i;

/** ` at 127.0.0.1:9`; nothing where neither the error nor the request says. */
const describePlace = (error: Error): string => {
  const fields = new Map<string, unknown>(Object.entries(error));
  const port = fields.get("port");
  const host = [fields.get("hostname"), fields.get("address")].find((one) => typeof one === "string");
  if (typeof host !== "string") {
    const asked = requestOf(error)?.host;
    return asked === undefined ? "" : ` at ${asked}`;
  }
  return ` at ${host}${typeof port === "number" ? `:${port}` : ""}`;
};

const CREDENTIALS_MISSING = /^(CredentialsProviderError|TokenProviderError)$/;
const CREDENTIALS_EXPIRED = /^(ExpiredToken|ExpiredTokenException)$/;
/** The SDK corrects what AWS's Date header tells; what stays is a clock that nobody could correct. */
const CLOCK_WRONG = /^(RequestTimeTooSkewed|RequestExpired|RequestInTheFuture)$/;
const SIGNED_AT_WRONG_TIME = /^Signature (expired|not yet current)/;
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
/** Before anything is sent, of a file or an address that the environment of the operator names. */
const SETTINGS = /^(ERR_INVALID_URL|ENOENT|EACCES|EPERM|EISDIR)$/;
/** What Node says of certificates, and of what does not speak TLS or HTTP. */
const UNTRUSTED = /CERT|^UNABLE_TO_VERIFY|^EPROTO$|^HPE_/;

const codeOf = (error: Error): string | undefined =>
  "code" in error && typeof error.code === "string" ? error.code : undefined;

/** HTTP's. */
const statusOf = (error: Error): number | undefined => {
  const { httpStatusCode } = propertiesOf("$metadata" in error ? error.$metadata : undefined);
  return typeof httpStatusCode === "number" ? httpStatusCode : undefined;
};

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";
