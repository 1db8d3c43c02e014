import { compileFunction } from "node:vm";
import type { AttributeValue } from "dynalite/db/conditionParser.js";

type RequestValues = Readonly<Record<string, AttributeValue>>;

/**
 * Makes a function that copies a syntax, with other values in it. It is compiled to one literal, as the engine copies
 * literals many times as fast as a program copies properties.
 * @param names of the values that are in the syntax.
 */
export const copierWithValues = (
  syntax: unknown,
  names: ReadonlyMap<unknown, string>,
): ((values: RequestValues) => unknown) =>
  compileFunction(`return ${literalOf(syntax, names)}`, ["values"]) as (values: RequestValues) => unknown;

const literalOf = (node: unknown, names: ReadonlyMap<unknown, string>): string => {
  const name = names.get(node);
  if (name !== undefined) return `values[${JSON.stringify(name)}]`;
  if (node === undefined) return "undefined";
  if (typeof node !== "object" || node === null) return JSON.stringify(node);
  if (Array.isArray(node)) return `[${node.map((item: unknown) => literalOf(item, names)).join()}]`;
  const prototype = Object.getPrototypeOf(node) === null ? ["__proto__:null"] : [];
  const properties = Object.entries(node).map(
    ([property, value]) => `${keyOf(property)}:${literalOf(value, names)}`,
  );
  return `{${[...prototype, ...properties].join()}}`;
};

/** In brackets it is a name as any other. */
const keyOf = (property: string): string =>
  property === "__proto__" ? '["__proto__"]' : JSON.stringify(property);
