import { awsError, type Treatment } from "./aws-stub.ts";

/** A fault of a service, and whether a request that meets it is tried again. */
export interface Fault {
  readonly title: string;
  readonly treatment: Treatment;
  readonly retried: boolean;
}

const HTML = "<html><body><h1>Service Unavailable</h1></body></html>";

const html = (status: number): Treatment => ({
  status,
  body: HTML,
  headers: { "content-type": "text/html" },
});

const retried = (title: string, treatment: Treatment): Fault => ({ title, treatment, retried: true });
const final = (title: string, treatment: Treatment): Fault => ({ title, treatment, retried: false });

const THROTTLING = [
  "BandwidthLimitExceeded",
  "EC2ThrottledException",
  "LimitExceededException",
  "PriorRequestNotComplete",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  "ThrottledException",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
  "TransactionInProgressException",
];

/** What any AWS service, and the network before it, may do. */
export const FAULTS: readonly Fault[] = [
  ...THROTTLING.map((name) => retried(name, awsError(name))),
  retried("429 without a name", { status: 429, body: {} }),
  retried("RequestTimeout", awsError("RequestTimeout")),
  retried("InternalServerError, 500", awsError("InternalServerError", 500)),
  retried("a 500 without a body", { status: 500, body: "" }),
  ...[500, 502, 503, 504].map((status) => retried(`a ${status} in HTML`, html(status))),
  retried(
    "a signature that is said to have expired",
    awsError("InvalidSignatureException", 400, "Signature expired: 1"),
  ),
  retried("a clock that is an hour behind", {
    status: 403,
    body: { __type: "RequestTimeTooSkewed", message: "as told" },
    headers: { date: new Date(Date.now() + 3_600_000).toUTCString() },
  }),
  retried("a reset before the answer", "reset"),
  retried("a reset within the answer", "cut"),
  retried("a hang", "hang"),
  retried("an answer that stalls", "stall"),
  final("a 200 in HTML", html(200)),
  final("a 200 that ends within its JSON", { status: 200, body: '{"Attributes":{"status":' }),
  final("501", awsError("NotImplemented", 501)),
  final("a 400 in HTML", html(400)),
  final("AccessDeniedException", awsError("AccessDeniedException")),
  final("ExpiredTokenException", awsError("ExpiredTokenException")),
  final("UnrecognizedClientException", awsError("UnrecognizedClientException")),
  final("ValidationException", awsError("ValidationException")),
  final("an error named in a header only", {
    status: 400,
    body: {},
    headers: { "x-amzn-errortype": "SerializationException:http://internal.amazon.com/" },
  }),
];
