import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { convertToAttr } from "@aws-sdk/util-dynamodb";
import type { AttributeChange } from "./row-change.ts";

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
    let path = "";
    for (const segment of segments) {
      const placeholder = this.#placeholders.get(segment) ?? this.#add(segment);
      path = path === "" ? placeholder : `${path}.${placeholder}`;
    }
    return path;
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

  /** `SET … REMOVE … ADD …` */
  update(changes: readonly (readonly [attribute: string, change: AttributeChange])[]): string {
    const set: string[] = [];
    const remove: string[] = [];
    const add: string[] = [];
    for (const [attribute, change] of changes) {
      switch (change.kind) {
        case "set":
          set.push(`${this.path(attribute)} = ${this.value(change.value)}`);
          break;
        case "remove":
          remove.push(this.path(attribute));
          break;
        case "add":
          add.push(`${this.path(attribute)} ${this.value(change.value)}`);
          break;
        case "entries":
          for (const [name, value] of Object.entries(change.set))
            set.push(`${this.path(attribute, name)} = ${this.value(value)}`);
          for (const [name, value] of Object.entries(change.setNew)) {
            const entry = this.path(attribute, name);
            set.push(`${entry} = if_not_exists(${entry}, ${this.value(value)})`);
          }
          remove.push(...change.remove.map((name) => this.path(attribute, name)));
          break;
        // Stryker disable next-line StringLiteral,ConditionalExpression: nothing is done without it, either; for the compiler
        case "leave":
          break;
      }
    }
    return [...clause("SET", set), ...clause("REMOVE", remove), ...clause("ADD", add)].join(" ");
  }
}

/** None without actions. */
const clause = (keyword: string, actions: readonly string[]): readonly string[] =>
  actions.length === 0 ? [] : [`${keyword} ${actions.join(", ")}`];
