import { expect } from "chai";
import { createTenantTable, type TenantTable } from "../../local/tenant-table.ts";

describe("The tenant table of a run", () => {
  let table: TenantTable;
  beforeEach(() => {
    table = createTenantTable("tenants", "services");
  });

  const ask = (operation: string, body: unknown, container = "one"): { status: number; body: unknown } => {
    const { status, body: text } = table.answer(
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

  it("answers requests as DynamoDB does, conditions and refusals included", () => {
    table.put({ tenant_id: "acme" });
    const refused = ask("UpdateItem", update("attribute_exists(#s)"));
    expect(refused.status).to.equal(400);
    expect(refused.body)
      .to.have.property("__type")
      .that.matches(/#ConditionalCheckFailedException$/);
    expect(ask("UpdateItem", update("attribute_not_exists(#s)"))).to.deep.equal({ status: 200, body: {} });
    expect(table.get("acme")).to.deep.equal({ tenant_id: "acme", status: "ACTIVE" });
    expect(ask("UpdateItem", update("nonsense")).body)
      .to.have.property("__type")
      .that.matches(/#ValidationException$/);
    expect(ask("Query", {}).body)
      .to.have.property("__type")
      .that.matches(/#UnknownOperationException$/);
    expect(ask("GetItem", { TableName: "others", Key: { a: { S: "x" } } }).body)
      .to.have.property("__type")
      .that.matches(/#ResourceNotFoundException$/);
    expect(ask("GetItem", []).body)
      .to.have.property("__type")
      .that.matches(/#SerializationException$/);
  });

  it("counts each container's requests, but not those for the directory of services", () => {
    const read = (TableName: string, key: string, container: string): void => {
      ask("GetItem", { TableName, Key: { [key]: { S: "x" } } }, container);
    };
    read("tenants", "tenant_id", "one");
    read("tenants", "tenant_id", "one");
    read("services", "service_arn", "two");
    expect(["one", "two"].map((container) => table.requestCount(container))).to.deep.equal([2, 0]);
    expect(table.answeringMs()).to.be.above(0);
  });
});
