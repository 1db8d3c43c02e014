import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { parseServiceArn } from "./arns.ts";
import { listenLocally, type LocalServer } from "./local-server.ts";

export interface ServiceTag {
  readonly key: string;
  readonly value: string;
}

/**
 * Starts an ECS that knows ListTagsForResource and nothing else, in the AWS JSON 1.1 protocol.
 * @param tagsOf the tags of a service; undefined for a service that there is not.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTagsForResource.html
 */
export const startEcsEndpoint = (
  tagsOf: (serviceArn: string) => readonly ServiceTag[] | undefined,
): Promise<LocalServer> =>
  listenLocally(
    createServer((request, response) => {
      reply(request, response, tagsOf).catch(() => response.destroy());
    }),
  );

const reply = async (
  request: IncomingMessage,
  response: ServerResponse,
  tagsOf: (serviceArn: string) => readonly ServiceTag[] | undefined,
): Promise<void> => {
  const { statusCode, body } = answer(request.headers["x-amz-target"], await text(request), tagsOf);
  response.writeHead(statusCode, { "content-type": "application/x-amz-json-1.1" });
  response.end(JSON.stringify(body));
};

const answer = (
  target: string | string[] | undefined,
  body: string,
  tagsOf: (serviceArn: string) => readonly ServiceTag[] | undefined,
): { statusCode: number; body: unknown } => {
  if (target !== "AmazonEC2ContainerServiceV20141113.ListTagsForResource") {
    return refusal(
      "UnknownOperationException",
      `Only ListTagsForResource is known here, not ${String(target)}`,
    );
  }
  const serviceArn = resourceArnOf(body);
  const service = parseServiceArn(serviceArn);
  if (service?.clusterArn === undefined) {
    return refusal("InvalidParameterException", "Long arn format must be used for tagging operations");
  }
  const tags = tagsOf(serviceArn);
  return tags === undefined
    ? refusal(
        "InvalidParameterException",
        "The specified service was not found. Specify a valid service and try again.",
      )
    : { statusCode: 200, body: { tags } };
};

const refusal = (type: string, message: string): { statusCode: number; body: unknown } => ({
  statusCode: 400,
  body: { __type: type, message },
});

const resourceArnOf = (body: string): string => {
  const request: unknown = JSON.parse(body);
  return typeof request === "object" &&
    request !== null &&
    "resourceArn" in request &&
    typeof request.resourceArn === "string"
    ? request.resourceArn
    : "";
};
