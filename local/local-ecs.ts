import { parseJson } from "../checklist/parse-json.ts";
import { parseServiceArn } from "./arns.ts";
import type { AwsCall, AwsReply } from "./aws-call.ts";
import { textAt } from "./json-value.ts";

export interface ServiceTag {
  readonly key: string;
  readonly value: string;
}

/**
 * Answers as an ECS that knows ListTagsForResource and nothing else, in the AWS JSON 1.1 protocol.
 * @param tagsOf the tags of a service; undefined for a service that there is not.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTagsForResource.html
 */
export const answerAsEcs = (
  { target, body }: Pick<AwsCall, "target" | "body">,
  tagsOf: (serviceArn: string) => readonly ServiceTag[] | undefined,
): AwsReply => {
  const { status, content } = answer(target, textAt(parseJson(body), "resourceArn") ?? "", tagsOf);
  return { status, body: JSON.stringify(content) };
};

const answer = (
  target: string,
  serviceArn: string,
  tagsOf: (serviceArn: string) => readonly ServiceTag[] | undefined,
): EcsAnswer => {
  if (target !== "AmazonEC2ContainerServiceV20141113.ListTagsForResource") {
    return refusal("UnknownOperationException", `Only ListTagsForResource is known here, not ${target}`);
  }
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
    : { status: 200, content: { tags } };
};

interface EcsAnswer {
  readonly status: number;
  readonly content: unknown;
}

const refusal = (type: string, message: string): EcsAnswer => ({
  status: 400,
  content: { __type: type, message },
});
