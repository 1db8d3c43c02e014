import { expect } from "chai";
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
    const row = table.lend("acme");
    if (row === undefined) throw new Error("Nothing was lent");
    expect(row.item).to.deep.equal({ tenant_id: { S: "acme" } });
    expect(table.lend("acme")).to.equal(undefined);
    expect(table.lend("other")).to.deep.include({ tenantId: "other", item: undefined });

    table.takeBack(row, { tenant_id: { S: "acme" }, status: { S: "ACTIVE" } });
    expect(table.get("acme")).to.deep.equal({ tenant_id: "acme", status: "ACTIVE" });
    const again = table.lend("acme");
    if (again === undefined) throw new Error("Nothing was lent");
    table.takeBack(again, undefined);
    expect(table.all()).to.deep.equal([{ tenant_id: "acme", status: "ACTIVE" }]);
  });

  it("answers for a row that is lent when it is back, and for others at once", async () => {
    for (const tenant_id of ["acme", "other"]) table.put({ tenant_id });
    const row = table.lend("acme");
    if (row === undefined) throw new Error("Nothing was lent");
    let isAnswered = false;
    const waiting = ask("UpdateItem", update("#s = :s")).finally(() => (isAnswered = true));
    await ask("GetItem", { TableName: "tenants", Key: { tenant_id: { S: "other" } } });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isAnswered).to.equal(false);
    table.takeBack(row, { tenant_id: { S: "acme" }, status: { S: "ACTIVE" } });
    expect(await waiting).to.deep.equal({ status: 200, body: {} });
  });
});
