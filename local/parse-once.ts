import type { AttributeValue, Parse } from "dynalite/db/conditionParser.js";
import { copierWithValues } from "./copy-with-values.ts";

interface Parsed {
  readonly names: Readonly<Record<string, string>>;
  /** By name of a value. */
  readonly kinds: ReadonlyMap<string, string>;
  /** With the values of a request in it, as dynalite writes into what it gets. */
  readonly copy: (values: Readonly<Record<string, AttributeValue>>) => unknown;
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
  const known = new Map<string, Parsed[]>();
  let count = 0;
  return (text, options) => {
    const { attrVals = {}, unusedAttrNames, unusedAttrVals, attrNames = {} } = options.context;
    const ofText = known.get(text) ?? [];
    const found = ofText.find((each) => hasNames(each, attrNames) && hasKinds(each, attrVals));
    if (found !== undefined) {
      for (const name of found.usedNames) Reflect.deleteProperty(unusedAttrNames, name);
      for (const name of found.usedValues) Reflect.deleteProperty(unusedAttrVals, name);
      return found.copy(attrVals);
    }

    const names = Object.keys(unusedAttrNames);
    const valueNames = Object.keys(unusedAttrVals);
    const syntax = parse(text, options);
    if (typeof syntax !== "object" || /between/i.test(text)) return syntax;
    if (count++ >= MAX_KNOWN) {
      known.clear();
      count = 1;
    }
    const values = Object.entries(attrVals);
    const parsed = {
      names: { ...attrNames },
      kinds: new Map(values.map(([name, value]) => [name, kindOf(value)])),
      copy: copierWithValues(syntax, new Map(values.map(([name, value]) => [value, name]))),
      usedNames: names.filter((name) => !(name in unusedAttrNames)),
      usedValues: valueNames.filter((name) => !(name in unusedAttrVals)),
    };
    known.set(text, [...(known.get(text) ?? []), parsed]);
    return syntax;
  };
};

/** The handler has some dozen; what is played by hand adds few. */
const MAX_KNOWN = 500;

const hasNames = ({ names }: Parsed, attrNames: Readonly<Record<string, string>>): boolean => {
  let left = Object.keys(names).length;
  for (const name in attrNames) {
    if (names[name] !== attrNames[name]) return false;
    left--;
  }
  return left === 0;
};

const hasKinds = ({ kinds }: Parsed, attrVals: Readonly<Record<string, AttributeValue>>): boolean => {
  let left = kinds.size;
  for (const name in attrVals) {
    const value = attrVals[name];
    if (value === undefined || kinds.get(name) !== kindOf(value)) return false;
    left--;
  }
  return left === 0;
};

/** The longest names of types are NULL and BOOL. */
const MAX_TYPE_LENGTH = 4;

const kindOf = (value: AttributeValue): string => {
  let kind = "";
  for (const type in value) kind += `${type},`;
  const { S: text } = value;
  return typeof text === "string" && text.length <= MAX_TYPE_LENGTH ? `${kind} ${text}` : kind;
};
