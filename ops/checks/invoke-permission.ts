import { isObject } from "../../checklist/is-object.ts";
import { statementsOf } from "../aws/policy-statements.ts";

/**
 * The sources that a function's resource policy lets EventBridge invoke a resource for. Pure.
 * @param policy as Lambda's GetPolicy returns it.
 * @param resource the alias's ARN.
 */
export const findInvokers = (policy: string, resource: string): readonly string[] =>
  statementsOf(policy)
    .filter(
      ({ Effect, Principal, Action, Resource, Condition }) =>
        Effect === "Allow" &&
        valuesOf(isObject(Principal) ? Principal["Service"] : Principal).includes("events.amazonaws.com") &&
        valuesOf(Action).includes("lambda:InvokeFunction") &&
        valuesOf(Resource).includes(resource) &&
        isObject(Condition),
    )
    .flatMap(({ Condition }) => Object.values(Condition as Record<string, unknown>))
    .flatMap((operator) => (isObject(operator) ? Object.entries(operator) : []))
    // Condition keys have no case.
    .filter(([key]) => key.toLowerCase() === "aws:sourcearn")
    .flatMap(([, value]) => valuesOf(value));

const valuesOf = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? (value as unknown[]) : [value]).filter((one) => typeof one === "string");
