import { expect } from "chai";
import type { LentRow } from "../../local/lent-row.ts";
import { createTenantTable, type TenantTable } from "../../local/tenant-table.ts";

describe("The tenant table of a run", () => {
  let table: TenantTable;
  beforeEach(() => {
    table = createTenantTable("tenants", "services");
  });

  const ask = async (
    operation: string,
    body: unknown,
    container = "one",
  ): Promise<{ status: number; body: unknown }> => {
    const { status, body: text } = await table.answer(
      { host: "dynamodb.invalid", target: `DynamoDB_20120810.${operation}`, body: JSON.stringify(body) },
      container,
    );
    return { status, body: JSON.parse(text) };
  };
  const update = (condition: string): Record<string, unknown> => ({
    TableName: "tenants",
    Key: { tenant_id: { S: "acme" } },
    UpdateExpression: "SET #s = :s",
    ConditionExpression: condition,
    ExpressionAttributeNames: { "#s": "status" },
    ExpressionAttributeValues: { ":s": { S: "ACTIVE" } },
  });

  it("has rows put into it, and gives them sorted by id", () => {
    table.put({ tenant_id: "b", plan: 7 });
    table.put({ tenant_id: "a", since: { ACTIVE: "2026-03-01T10:00:00Z" } });
    expect(table.all()).to.deep.equal([
      { tenant_id: "a", since: { ACTIVE: "2026-03-01T10:00:00Z" } },
      { tenant_id: "b", plan: 7 },
    ]);
    expect(table.get("b")).to.deep.equal({ tenant_id: "b", plan: 7 });
    expect(table.get("c")).to.equal(undefined);
  });

  it("refuses rows that DynamoDB would refuse", () => {
    expect(() => {
      table.put({ tenant_id: "" });
    }).to.throw(/^The row cannot be put: .*empty string/);
  });

  it("answers requests as DynamoDB does, conditions and refusals included", async () => {
    table.put({ tenant_id: "acme" });
    const refused = await ask("UpdateItem", update("attribute_exists(#s)"));
    expect(refused.status).to.equal(400);
    expect(refused.body)
      .to.have.property("__type")
      .that.matches(/#ConditionalCheckFailedException$/);
    expect(await ask("UpdateItem", update("attribute_not_exists(#s)"))).to.deep.equal({
      status: 200,
      body: {},
    });
    expect(table.get("acme")).to.deep.equal({ tenant_id: "acme", status: "ACTIVE" });
    for (const [operation, body, type] of [
      ["UpdateItem", update("nonsense"), "ValidationException"],
      ["Query", {}, "UnknownOperationException"],
      ["GetItem", [], "SerializationException"],
      ["GetItem", { TableName: "others", Key: { a: { S: "x" } } }, "ResourceNotFoundException"],
    ] as const)
      expect((await ask(operation, body)).body)
        .to.have.property("__type")
        .that.matches(new RegExp(`#${type}$`));
  });

  it("counts each container's requests, but not those for the directory of services", async () => {
    const read = (TableName: string, key: string, container: string): unknown =>
      ask("GetItem", { TableName, Key: { [key]: { S: "x" } } }, container);
    await read("tenants", "tenant_id", "one");
    await read("tenants", "tenant_id", "one");
    await read("services", "service_arn", "two");
    expect(["one", "two"].map((container) => table.requestCount(container))).to.deep.equal([2, 0]);
    expect(table.answeringMs()).to.be.above(0);
  });

  it("lends a row to one container at a time, and has it as it comes back", () => {
    table.put({ tenant_id: "acme" });
    const row = lend("acme", "two");
    expect(row.item).to.deep.equal({ tenant_id: { S: "acme" } });
    expect(table.lend("acme", "two")).to.equal(undefined);
    expect(table.lend("other", "two")).to.deep.include({ tenantId: "other", item: undefined });

    table.takeBack(row, { tenant_id: { S: "acme" }, status: { S: "ACTIVE" } });
    expect(table.get("acme")).to.deep.equal({ tenant_id: "acme", status: "ACTIVE" });
    const again = lend("acme", "two");
    table.takeBack(again, undefined);
    expect(table.all()).to.deep.equal([{ tenant_id: "acme", status: "ACTIVE" }]);
  });

  it("answers for a row that is lent when it is back, and for others at once", async () => {
    for (const tenant_id of ["acme", "other"]) table.put({ tenant_id });
    const row = lend("acme", "two");
    let isAnswered = false;
    const waiting = ask("UpdateItem", update("#s = :s")).finally(() => (isAnswered = true));
    await ask("GetItem", { TableName: "tenants", Key: { tenant_id: { S: "other" } } });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isAnswered).to.equal(false);
    table.takeBack(row, { tenant_id: { S: "acme" }, status: { S: "ACTIVE" } });
    expect(await waiting).to.deep.equal({ status: 200, body: {} });
  });

  it("answers for a row that another has by then when that one has given it back, too", async () => {
    table.put({ tenant_id: "acme" });
    const first = lend("acme", "two");
    const waiting = ask("UpdateItem", update("#s = :s"));
    table.takeBack(first, undefined);
    const second = lend("acme", "two");
    await new Promise((resolve) => setImmediate(resolve));
    table.takeBack(second, { tenant_id: { S: "acme" }, status: { S: "ACTIVE" } });
    expect(await waiting).to.have.property("status", 200);
  });

  it("lets nobody wait for an event that waits for him", async () => {
    const rows = { acme: lend("acme", "one"), other: lend("other", "two"), third: lend("third", "three") };
    const write = (tenant_id: string, container: string): Promise<{ status: number; body: unknown }> =>
      ask("PutItem", { TableName: "tenants", Item: { tenant_id: { S: tenant_id } } }, container);
    const one = write("other", "one");
    const two = write("third", "two");
    const refused = {
      status: 500,
      body: {
        __type: "com.amazonaws.dynamodb.v20120810#InternalServerError",
        message: "The row of acme is lent to an event that waits for this one",
      },
    };
    expect(await write("acme", "three"), "over the two others").to.deep.equal(refused);
    expect(await write("acme", "one"), "the next in its own").to.deep.equal(refused);

    table.takeBack(rows.third, undefined);
    expect(await two).to.have.property("status", 200);
    const three = write("acme", "three");
    table.takeBack(rows.other, undefined);
    expect(await one).to.have.property("status", 200);
    table.takeBack(rows.acme, undefined);
    expect(await three, "nobody waits for it now").to.have.property("status", 200);
  });

  const lend = (tenantId: string, container: string): LentRow => {
    const row = table.lend(tenantId, container);
    if (row === undefined) throw new Error("Nothing was lent");
    return row;
  };
});
