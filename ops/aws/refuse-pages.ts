import type { STSClient } from "@aws-sdk/client-sts";
import { propertiesOf } from "../../checklist/parse-json.ts";

/** Something that is not AWS has answered, with a page for people. */
export class PageError extends Error {
  override readonly name = "PageError";
  /** The SDK tries again what has this: a gateway that is overloaded answers with a page, too. */
  readonly $retryable: { readonly throttling: false } | undefined;

  /** @param status HTTP's; undefined when the answer has none. */
  constructor(status: number | undefined) {
    super(`a page${status === undefined ? "" : ` (HTTP ${status})`}`);
    this.$retryable = status !== undefined && status >= 500 ? { throttling: false } : undefined;
  }
}

/**
 * Makes the clients refuse pages, which a proxy or a sign-in page sends with any status. The SDK reads a page as data where it can: with
 * 200 as a list without entries, with 403 as a refusal by AWS, with 404 as a thing that is not there.
 */
export const refusePages = <T extends object>(aws: T): T => {
  for (const client of Object.values(aws) as STSClient[])
    client.middlewareStack.add(
      (next) => async (args) => {
        const output = await next(args);
        const { headers, statusCode } = propertiesOf(output.response);
        if (isPage(propertiesOf(headers)))
          throw new PageError(typeof statusCode === "number" ? statusCode : undefined);
        return output;
      },
      // The innermost: before the SDK reads the answer, and before anybody takes its Date header for AWS's.
      { step: "deserialize", priority: "low", name: "refusePages", override: true },
    );
  return aws;
};

/** AWS gives every answer an id, whatever it says that its content is. */
const isPage = (headers: Readonly<Record<string, unknown>>): boolean =>
  PAGE.test(String(headers["content-type"])) && !REQUEST_IDS.some((name) => name in headers);

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonResponseHeaders.html for S3's. */
const REQUEST_IDS = ["x-amzn-requestid", "x-amz-request-id"] as const;
const PAGE = /^\s*(text\/html|application\/xhtml\+xml)\b/i;
