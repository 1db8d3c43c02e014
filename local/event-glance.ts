import { isClusterArn, parseServiceArn } from "./arns.ts";
import { propertyOf, textAt } from "./json-value.ts";

/** What can be read off an event that nobody has checked: whatever is not well-formed is absent. */
export interface EventGlance {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  /** Its text sorts and shows as it came; Date.parse may still refuse it. */
  readonly time?: string | undefined;
  readonly serviceArn?: string | undefined;
  readonly clusterArn?: string | undefined;
}

export const glanceAt = (event: unknown): EventGlance => {
  const id = textAt(event, "id");
  const time = textAt(event, "time");
  const detail = propertyOf(event, "detail");
  const name = textAt(detail, "eventName");
  const serviceArn = firstServiceArn(propertyOf(event, "resources"));
  const namedClusterArn = textAt(detail, "clusterArn");
  const clusterArn =
    namedClusterArn !== undefined && isClusterArn(namedClusterArn)
      ? namedClusterArn
      : parseServiceArn(serviceArn ?? "")?.clusterArn;
  return { id, name, time, serviceArn, clusterArn };
};

const firstServiceArn = (resources: unknown): string | undefined =>
  Array.isArray(resources)
    ? resources.find((arn): arn is string => typeof arn === "string" && parseServiceArn(arn) !== undefined)
    : undefined;
