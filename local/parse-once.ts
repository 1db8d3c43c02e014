import type { AttributeValue, Parse } from "dynalite/db/conditionParser.js";

interface Parsed {
  /** Where it has the values of the request that was parsed, those of another are put. */
  readonly syntax: unknown;
  readonly values: ReadonlyMap<unknown, string>;
  readonly usedNames: readonly string[];
  readonly usedValues: readonly string[];
}

/**
 * The same parser, which parses an expression once, and of equal ones only puts in the values: requests of the same kind differ in
 * nothing else, and the parser tries each bracket many times.
 *
 * Equal are expressions of the same text, the same names, and values of the same types. The parser looks at what a value is in two
 * places only: at the bounds of BETWEEN, so that an expression with one is parsed each time; and at the type that attribute_type names,
 * so that texts as short as the name of a type count as different. An expression that is wrong is parsed each time.
 */
export const parseOnce = (parse: Parse): Parse => {
  const known = new Map<string, Parsed>();
  return (text, options) => {
    const { attrVals = {}, unusedAttrNames, unusedAttrVals, attrNames = {} } = options.context;
    const key = JSON.stringify([text, attrNames, Object.entries(attrVals).map(kindOf)]);
    const found = known.get(key);
    if (found !== undefined) {
      for (const name of found.usedNames) Reflect.deleteProperty(unusedAttrNames, name);
      for (const name of found.usedValues) Reflect.deleteProperty(unusedAttrVals, name);
      return withValues(found.syntax, found.values, attrVals);
    }

    const names = Object.keys(unusedAttrNames);
    const valueNames = Object.keys(unusedAttrVals);
    const syntax = parse(text, options);
    if (typeof syntax !== "object" || /between/i.test(text)) return syntax;
    if (known.size >= MAX_KNOWN) known.clear();
    const values = new Map(Object.entries(attrVals).map(([name, value]) => [value, name]));
    known.set(key, {
      syntax,
      values,
      usedNames: names.filter((name) => !(name in unusedAttrNames)),
      usedValues: valueNames.filter((name) => !(name in unusedAttrVals)),
    });
    return withValues(syntax, values, attrVals);
  };
};

/** The handler has some dozen; what is played by hand adds few. */
const MAX_KNOWN = 500;

/** The longest names of types are NULL and BOOL. */
const MAX_TYPE_LENGTH = 4;

const kindOf = ([name, value]: [string, AttributeValue]): string => {
  const { S: text } = value;
  const isShort = typeof text === "string" && text.length <= MAX_TYPE_LENGTH;
  return `${name} ${Object.keys(value).join()}${isShort ? ` ${text}` : ""}`;
};

/** A copy, as dynalite writes into what it gets. */
const withValues = (
  node: unknown,
  names: ReadonlyMap<unknown, string>,
  values: Readonly<Record<string, AttributeValue>>,
): unknown => {
  if (typeof node !== "object" || node === null) return node;
  const name = names.get(node);
  if (name !== undefined) return values[name];
  if (Array.isArray(node)) return node.map((item: unknown) => withValues(item, names, values));
  const copy = Object.create(Object.getPrototypeOf(node) as object | null) as Record<string, unknown>;
  for (const [property, value] of Object.entries(node)) copy[property] = withValues(value, names, values);
  return copy;
};
