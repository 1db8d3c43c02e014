import { ObstacleError } from "../../checklist/errors.ts";
import { isObject } from "../../checklist/is-object.ts";

/** The logical ids of the resources that a stack leaves behind when it is deleted. */
export const retainedIn = (template: string): ReadonlySet<string> =>
  new Set(
    Object.entries(resourcesOf(parse(template)))
      .filter(([, resource]) => isObject(resource) && resource["DeletionPolicy"] === "Retain")
      .map(([logicalId]) => logicalId),
  );

/**
 * A template that leaves these resources behind, and is otherwise the same.
 * @throws {ObstacleError} when it is no JSON: SAM's processed templates are.
 */
export const retaining = (template: string, logicalIds: readonly string[]): string => {
  const document = parse(template);
  const resources = Object.entries(resourcesOf(document)).map(([logicalId, resource]): [string, unknown] => [
    logicalId,
    isObject(resource) && logicalIds.includes(logicalId) ? retained(resource) : resource,
  ]);
  return JSON.stringify({ ...document, Resources: Object.fromEntries(resources) });
};

/**
 * CloudFormation refuses an update that changes a deletion policy alone; metadata besides make it one.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
const retained = (resource: Readonly<Record<string, unknown>>): object => ({
  ...resource,
  DeletionPolicy: "Retain",
  Metadata: {
    ...(isObject(resource["Metadata"]) ? resource["Metadata"] : {}),
    TakenOver: "by the Terraform stack of the ECS tenant event handler",
  },
});

const parse = (template: string): Readonly<Record<string, unknown>> => {
  try {
    const document: unknown = JSON.parse(template);
    if (isObject(document)) return document;
  } catch {
    // YAML, as a template without a transform may be.
  }
  throw new ObstacleError("the template of the stack is no JSON, and is not changed here", {
    hint: "Update the stack with its template as JSON, then run the command again",
  });
};

const resourcesOf = (document: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  isObject(document["Resources"]) ? document["Resources"] : {};
