import type { ErrorObject } from "ajv";

/** More than this and the message would only bury the first ones; the rest is counted. */
const MAX_LISTED = 50;

/**
 * Says where and what each violation is, `/detail/eventName must be string`. Values are never quoted: they may be
 * huge, or not for the logs.
 */
export const listViolations = (errors: readonly ErrorObject[] | null | undefined, root: string): string[] => {
  // ajv reports a refused property name twice: by the `not` that refuses it and by `propertyNames`, which says which.
  const violations = (errors ?? [])
    .filter(({ propertyName }) => propertyName === undefined)
    .map((error) => `${error.instancePath || root} ${describe(error)}`);
  const unlisted = violations.length - MAX_LISTED;
  return unlisted > 0 ? [...violations.slice(0, MAX_LISTED), `and ${unlisted} more`] : violations;
};

const describe = ({ keyword, params, message = "is not valid" }: ErrorObject): string => {
  switch (keyword) {
    case "const":
      return `must be ${JSON.stringify(params["allowedValue"])}`;
    case "enum":
      return `must be one of ${JSON.stringify(params["allowedValues"])}`;
    case "format":
      return "must be a date-time such as 2024-08-08T23:26:49Z";
    case "propertyNames":
      return `must not have a property named ${JSON.stringify(params["propertyName"])}`;
    default:
      return message;
  }
};
