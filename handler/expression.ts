import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";

/**
 * Collects the names and values of a DynamoDB expression under placeholders, so that neither reserved words nor odd
 * attribute names matter.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html
 */
export class Expression {
  readonly #placeholders = new Map<string, string>();
  readonly #values: unknown[] = [];

  /** The placeholder of an attribute, or of a path into one. */
  path(...segments: string[]): string {
    return segments
      .map((segment) => {
        const placeholder = this.#placeholders.get(segment) ?? `#n${this.#placeholders.size}`;
        this.#placeholders.set(segment, placeholder);
        return placeholder;
      })
      .join(".");
  }

  /** The placeholder of a value. Properties that are undefined are left out of it. */
  value(value: unknown): string {
    this.#values.push(value);
    return `:v${this.#values.length - 1}`;
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

  get names(): Record<string, string> {
    return Object.fromEntries([...this.#placeholders].map(([name, placeholder]) => [placeholder, name]));
  }

  get values(): Record<string, AttributeValue> {
    const values = Object.fromEntries(this.#values.map((value, index) => [`:v${index}`, value]));
    return marshall(values, { removeUndefinedValues: true });
  }
}
