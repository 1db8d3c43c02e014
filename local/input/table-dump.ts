import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { isObject } from "../../checklist/is-object.ts";
import { UsageError } from "../errors.ts";
import { jsonDocuments } from "./json-documents.ts";
import { linesOf } from "./lines.ts";

/** A tenant's row, as it was in the table. */
export interface DumpedRow {
  readonly tenant_id: string;
  readonly [attribute: string]: unknown;
}

/**
 * Reads the rows of a table: what `aws dynamodb scan` prints, what DynamoDB exports to S3, or rows as plain JSON.
 * @throws {UsageError} naming the first thing that is no row.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
 */
export async function* readTableDump(chunks: AsyncIterable<string>, file: string): AsyncGenerator<DumpedRow> {
  let count = 0;
  for await (const document of jsonDocuments(linesOf(chunks))) {
    const where = `${file}: line ${document.line}`;
    if (document.kind === "malformed") throw new UsageError(`${where} ${document.problem}`);
    for (const [index, item] of itemsOf(document.value).entries()) {
      const row = rowOf(item);
      if (!isRow(row)) throw new UsageError(`${where}: row ${index + 1} has no tenant_id`, HINT);
      count++;
      yield row;
    }
  }
  if (count === 0) throw new UsageError(`There is no row in ${file}`, HINT);
}

const HINT = {
  hint: "A table dump is what this prints",
  next: "aws dynamodb scan --table-name bbws-tenants-dev",
};

const itemsOf = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return [value];
  const { Items, Item } = value;
  if (Array.isArray(Items)) return Items;
  return [Item ?? value];
};

const rowOf = (item: unknown): unknown => {
  if (!isObject(item)) return item;
  if (isItem(item)) return unmarshall(item, { wrapNumbers: false });
  // The lines of `npm start -- --json` say what they are.
  return Object.fromEntries(Object.entries(item).filter(([name]) => name !== "type"));
};

/** DynamoDB's own JSON: each attribute names its type. */
const isItem = (item: Readonly<Record<string, unknown>>): item is Record<string, AttributeValue> => {
  const key = item["tenant_id"];
  return isObject(key) && typeof key["S"] === "string";
};

const isRow = (row: unknown): row is DumpedRow =>
  isObject(row) && typeof row["tenant_id"] === "string" && row["tenant_id"] !== "";
