import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { convertToAttr } from "@aws-sdk/util-dynamodb";

/**
 * Collects the names and values of a DynamoDB expression under placeholders, so that neither reserved words nor odd
 * attribute names matter.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html
 */
export class Expression {
  /** Attribute names by placeholder. */
  readonly names: Record<string, string> = {};
  /** Values by placeholder. */
  readonly values: Record<string, AttributeValue> = {};
  readonly #placeholders = new Map<string, string>();
  #valueCount = 0;

  /** The placeholder of an attribute, or of a path into one. */
  path(...segments: string[]): string {
    return segments.map((segment) => this.#placeholders.get(segment) ?? this.#add(segment)).join(".");
  }

  #add(segment: string): string {
    const placeholder = `#n${this.#placeholders.size}`;
    this.#placeholders.set(segment, placeholder);
    this.names[placeholder] = segment;
    return placeholder;
  }

  /** The placeholder of a value. Properties that are undefined are left out of it. */
  value(value: unknown): string {
    const placeholder = `:v${this.#valueCount++}`;
    this.values[placeholder] = convertToAttr(value, { removeUndefinedValues: true });
    return placeholder;
  }

  /** `path IN (…)`; undefined for an empty list, which contains nothing and which DynamoDB refuses. */
  isOneOf(path: readonly string[], values: readonly string[]): string | undefined {
    if (values.length === 0) return undefined;
    return `${this.path(...path)} IN (${values.map((value) => this.value(value)).join(", ")})`;
  }

  /** `SET … REMOVE …`: sets what is defined and removes what is undefined. */
  assign(assignments: readonly (readonly [path: string, value: unknown])[]): string {
    const set = assignments.filter(([, value]) => value !== undefined);
    const removed = assignments.filter(([, value]) => value === undefined);
    return [
      `SET ${set.map(([path, value]) => `${path} = ${this.value(value)}`).join(", ")}`,
      ...(removed.length === 0 ? [] : [`REMOVE ${removed.map(([path]) => path).join(", ")}`]),
    ].join(" ");
  }
}
