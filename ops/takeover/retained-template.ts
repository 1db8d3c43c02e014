import { isDeepStrictEqual } from "node:util";
import { type Document, isMap, parseDocument } from "yaml";
import { isObject } from "../../checklist/is-object.ts";
import { applyEdits, setEntries, unreadableTemplate } from "./template-edits.ts";

/** The logical ids of the resources that a stack leaves behind when it is deleted. */
export const retainedIn = (template: string): ReadonlySet<string> =>
  new Set(
    Object.entries(resourcesOf(read(template)))
      .filter(([, resource]) => isObject(resource) && RETAINING.has(String(resource["DeletionPolicy"])))
      .map(([logicalId]) => logicalId),
  );

const RETAINING: ReadonlySet<string> = new Set(["Retain", "RetainExceptOnCreate"]);

/**
 * A template, JSON or YAML, that leaves these resources behind, and is otherwise the same, byte for byte: short-form intrinsics
 * (`!Sub`), comments, and the way in which numbers and dates are written stay.
 * @throws {ObstacleError} when it cannot be read, or not be changed like that.
 */
export const retaining = (template: string, logicalIds: readonly string[]): string => {
  const document = read(template);
  const edits = logicalIds.flatMap((logicalId) => {
    const resource = document.getIn(["Resources", logicalId], true);
    if (!isMap(resource)) throw unreadableTemplate(`its resource ${logicalId} is not written as a map`);
    const metadata = resource.get("Metadata", true);
    return isMap(metadata)
      ? [...setEntries(template, resource, POLICIES), ...setEntries(template, metadata, METADATA)]
      : setEntries(template, resource, { ...POLICIES, Metadata: METADATA });
  });
  const changed = applyEdits(template, edits);
  // A mistake here would take with the stack what runs: what was written is read again.
  const resources = Object.entries(resourcesOf(document)).map(([logicalId, resource]): [string, unknown] => [
    logicalId,
    isObject(resource) && logicalIds.includes(logicalId) ? retained(resource) : resource,
  ]);
  const expected = { ...toObject(document), Resources: Object.fromEntries(resources) };
  if (!isDeepStrictEqual(toObject(read(changed)), expected))
    throw unreadableTemplate("no deletion policy can be added to it without changing more");
  return changed;
};

/** A replacement in an update by hand leaves the old resource behind, too. */
const POLICIES = { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" };

/**
 * CloudFormation refuses an update that changes a deletion policy alone; metadata besides make it one.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
const METADATA = { TakenOver: "by the Terraform stack of the ECS tenant event handler" };

const retained = (resource: Readonly<Record<string, unknown>>): object => ({
  ...resource,
  ...POLICIES,
  Metadata: { ...(isObject(resource["Metadata"]) ? resource["Metadata"] : {}), ...METADATA },
});

/** JSON is YAML. Every value is read as the text that it is: what a tag or a number means is CloudFormation's business. */
const read = (template: string): Document => {
  const document = parseDocument(template, { schema: "failsafe", logLevel: "error" });
  const [error] = document.errors;
  if (error !== undefined) throw unreadableTemplate(`it is neither JSON nor YAML: ${error.message}`);
  return document;
};

const toObject = (document: Document): Readonly<Record<string, unknown>> => {
  const object: unknown = document.toJS();
  return isObject(object) ? object : {};
};

const resourcesOf = (document: Document): Readonly<Record<string, unknown>> => {
  const resources = toObject(document)["Resources"];
  return isObject(resources) ? resources : {};
};
