import { isObject } from "../checklist/is-object.ts";
import { parseJson } from "../checklist/parse-json.ts";
import type { AwsCall, AwsReply } from "./aws-call.ts";
import { createDynamoDbInMemory } from "./dynamodb-in-memory.ts";
import { replyAsDynamoDb } from "./dynamodb-reply.ts";
import { haveDynaliteParseOnce } from "./dynalite-parsers.ts";
import type { LentRow, ReturnedRow } from "./lent-row.ts";
import { TENANT_ID, tenantIdIn } from "./requested-tenant.ts";

/** The tenant table inside a container, of one row at a time: the one that it was lent. */
export interface LentTable {
  lend(row: LentRow): void;
  /** Undefined where nothing was lent. */
  takeBack(): ReturnedRow | undefined;
  /** Undefined for what is not about the row. */
  answer(call: AwsCall): AwsReply | undefined;
  /** What answering took, all together, in milliseconds. */
  answeringMs(): number;
}

/** @param host DynamoDB's. */
export const createLentTable = (host: string, tableName: string): LentTable => {
  haveDynaliteParseOnce();
  const dynamoDb = createDynamoDbInMemory({ [tableName]: TENANT_ID });
  const items = dynamoDb.items(tableName);
  let lent: LentRow | undefined;
  let requests = 0;
  let answeringMs = 0;
  return {
    lend: (row) => {
      lent = row;
      requests = 0;
      if (row.item !== undefined) items.set(row.key, row.item);
    },
    takeBack: () => {
      if (lent === undefined) return undefined;
      const item = items.get(lent.key);
      const returned = { item: item === lent.item ? undefined : item, requests };
      items.clear();
      lent = undefined;
      return returned;
    },
    answer: ({ host: asked, target, body: text }) => {
      if (lent === undefined || asked !== host) return undefined;
      const since = performance.now();
      const body = parseJson(text);
      if (!isObject(body) || body["TableName"] !== tableName || tenantIdIn(body) !== lent.tenantId)
        return undefined;
      requests++;
      const reply = replyAsDynamoDb(dynamoDb, target, body);
      answeringMs += performance.now() - since;
      return reply;
    },
    answeringMs: () => answeringMs,
  };
};
