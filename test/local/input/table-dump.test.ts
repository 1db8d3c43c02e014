import { marshall } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import { UsageError } from "../../../local/errors.ts";
import { type DumpedRow, readTableDump } from "../../../local/input/table-dump.ts";

const read = async (text: string): Promise<DumpedRow[]> => {
  const rows: DumpedRow[] = [];
  for await (const row of readTableDump(
    (async function* () {
      yield await Promise.resolve(text);
    })(),
    "rows.json",
  ))
    rows.push(row);
  return rows;
};

const acme = { tenant_id: "acme", status: "ACTIVE", events: { a: { at: "x" } }, revision: 7, old: null };
const other = { tenant_id: "other", tags: ["a"] };

describe("A dump of the tenants' table", () => {
  const FORMS: Readonly<Record<string, string>> = {
    "what aws dynamodb scan prints": JSON.stringify(
      { Items: [marshall(acme), marshall(other)], Count: 2, ScannedCount: 2, ConsumedCapacity: null },
      undefined,
      2,
    ),
    "an export to S3": [acme, other].map((row) => JSON.stringify({ Item: marshall(row) })).join("\n"),
    "rows as a JSON array": JSON.stringify([acme, other]),
    "the rows of npm start": [acme, other]
      .map((row) => JSON.stringify({ type: "tenant", ...row }))
      .join("\n"),
  };
  for (const [form, text] of Object.entries(FORMS)) {
    it(`may be ${form}`, async () => {
      expect(await read(text)).to.deep.equal([acme, other]);
    });
  }

  for (const [text, message] of [
    ["", "There is no row in rows.json"],
    ["nope", "rows.json: line 1 is not JSON"],
    ['{"Items":[]}', "There is no row in rows.json"],
    [`${JSON.stringify(acme)}\n{"status":"ACTIVE"}`, "rows.json: line 2: row 1 has no tenant_id"],
    ['[{"tenant_id":"a"},{"tenant_id":""}]', "rows.json: line 1: row 2 has no tenant_id"],
    ['{"tenant_id":{"N":"7"}}', "rows.json: line 1: row 1 has no tenant_id"],
    ["42", "rows.json: line 1: row 1 has no tenant_id"],
  ] as const) {
    it(`is refused where it is ${text === "" ? "empty" : text}`, async () => {
      const error = await read(text).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(UsageError);
      expect(error).to.have.property("message").that.includes(message);
    });
  }
});
