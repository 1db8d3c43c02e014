import { expect } from "chai";
import { createLentTable, type LentTable } from "../../local/lent-table.ts";

const ITEM = { tenant_id: { S: "acme" }, status: { S: "NEW" } };

describe("A table of the one row that a container was lent", () => {
  let table: LentTable;
  beforeEach(() => {
    table = createLentTable("dynamodb.invalid", "tenants");
  });

  const ask = (operation: string, body: unknown, host = "dynamodb.invalid"): unknown => {
    const reply = table.answer({
      host,
      target: `DynamoDB_20120810.${operation}`,
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    return reply && { ...reply, body: JSON.parse(reply.body) as unknown };
  };
  const read = (id: string, TableName = "tenants"): unknown =>
    ask("GetItem", { TableName, Key: { tenant_id: { S: id } } });
  /** With dynalite's own key of it. */
  const lend = (item: unknown): void => {
    table.lend({ tenantId: "acme", key: "f8c3cc/61636d65/", item });
  };

  it("answers for it alone", () => {
    expect(read("acme")).to.equal(undefined);
    lend(undefined);
    expect(read("acme")).to.deep.equal({ status: 200, body: {} });
    expect(read("other")).to.equal(undefined);
    expect(read("acme", "services")).to.equal(undefined);
    expect(
      ask("GetItem", { TableName: "tenants", Key: { tenant_id: { S: "acme" } } }, "ecs.invalid"),
    ).to.equal(undefined);
    for (const body of ["[", "[]", '{"TableName":"tenants"}'])
      expect(ask("GetItem", body), body).to.equal(undefined);
    expect(table.answeringMs()).to.be.above(0);
  });

  it("gives back what has changed, and how many requests it has answered", () => {
    lend(ITEM);
    expect(table.takeBack()).to.deep.equal({ item: undefined, requests: 0 });
    expect(table.takeBack()).to.equal(undefined);

    lend(undefined);
    const Item = { ...ITEM, status: { S: "ACTIVE" } };
    expect(ask("PutItem", { TableName: "tenants", Item })).to.deep.equal({ status: 200, body: {} });
    expect(read("acme")).to.deep.equal({ status: 200, body: { Item } });
    expect(table.takeBack()).to.deep.equal({ item: { ...Item }, requests: 2 });
    lend(undefined);
    expect(read("acme"), "it keeps nothing").to.deep.equal({ status: 200, body: {} });
  });
});
