import { isObject } from "../../checklist/is-object.ts";
import { parseJson } from "../../checklist/parse-json.ts";

/**
 * The statements of a resource's policy, as AWS returns it; none where there is no policy to read. Pure.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html
 */
export const statementsOf = (policy = ""): readonly Readonly<Record<string, unknown>>[] => {
  const document = parseJson(policy);
  // One may stand by itself.
  return isObject(document) ? [document["Statement"]].flat().filter(isObject) : [];
};
