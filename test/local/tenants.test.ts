import { expect } from "chai";
import { UsageError } from "../../local/errors.ts";
import { parseTenants, tenantOfService } from "../../local/tenants.ts";
import { serviceArnOf } from "../handler/events.ts";

describe("A file of tenants", () => {
  it("says for each tenant its service, environment and status, or leaves them out", () => {
    const tenants = [
      { tenant_id: "acme", service_arn: serviceArnOf("acme"), environment: "sit", status: "SUSPENDED" },
      { tenant_id: "bluebird" },
    ];
    expect(parseTenants(`\uFEFF${JSON.stringify(tenants)}`, "t.json")).to.deep.equal(tenants);
  });

  const mistakes: [content: unknown, sentence: string][] = [
    [{ tenant_id: "a" }, "t.json: it must be a JSON array"],
    [["a"], "t.json: element 1 must be a JSON object"],
    [[{ tenant_id: "a" }, {}], "t.json: element 2 has no tenant_id"],
    [[{ tenant_id: 7 }], "t.json: element 1: tenant_id must be a string"],
    [[{ tenant_id: " " }], "t.json: element 1: tenant_id must not be blank"],
    [[{ tenant_id: "a", statsu: "X" }], 't.json: element 1 has an unknown property "statsu"'],
    [[{ tenant_id: "a", status: "" }], "t.json: element 1: status must not be empty"],
    [
      [{ tenant_id: "a", service_arn: "web" }],
      "t.json: element 1: service_arn must be the ARN of an ECS service",
    ],
    [
      [{ tenant_id: "a" }, { tenant_id: "b" }, { tenant_id: "a" }],
      't.json: element 3 has the tenant_id "a", which element 1 has already',
    ],
    [
      ["a", "b"].map((id) => ({ tenant_id: id, service_arn: serviceArnOf("acme") })),
      `t.json: element 2 has the service_arn "${serviceArnOf("acme")}", which element 1 has already`,
    ],
    [[{ tenant_id: "a".repeat(257) }], "t.json: element 1: tenant_id must NOT have more than 256 characters"],
  ];
  for (const [content, sentence] of mistakes) {
    it(`is refused with "${sentence.slice(0, 90)}"`, () => {
      expect(() => parseTenants(JSON.stringify(content), "t.json"))
        .to.throw(UsageError)
        .with.property("message", sentence);
    });
  }

  it("is refused when it is no JSON", () => {
    expect(() => parseTenants('[{"tenant_id":', "t.json")).to.throw(UsageError, /^t\.json is not JSON: /);
  });
});

describe("The tenant of a service that nobody has described", () => {
  const cluster = "arn:aws:ecs:af-south-1:536580886816:service/bbws-cluster-dev";

  it("has the id in the service's name", () => {
    expect(tenantOfService(`${cluster}/tenant-acme-shop-wordpress`)).to.deep.equal({
      tenant_id: "acme-shop",
      service_arn: `${cluster}/tenant-acme-shop-wordpress`,
    });
  });

  it("is named as the service where that has another form of name", () => {
    expect(tenantOfService(`${cluster}/api`)?.tenant_id).to.equal("api");
    expect(tenantOfService(`${cluster}/tenant--wordpress`)?.tenant_id).to.equal("tenant--wordpress");
  });

  it("is named as the service where what it is said to be can be no key of the table", () => {
    for (const said of ["", "x".repeat(2049), "é".repeat(1025)])
      expect(tenantOfService(`${cluster}/tenant-acme-wordpress`, said)?.tenant_id).to.equal("acme");
    expect(tenantOfService(`${cluster}/api`, "é".repeat(1024))?.tenant_id).to.have.lengthOf(1024);
    expect(tenantOfService(`${cluster}/${"x".repeat(2049)}`)).to.equal(undefined);
  });

  it("is known for an ARN of the old short form too", () => {
    expect(
      tenantOfService("arn:aws:ecs:af-south-1:536580886816:service/tenant-acme-wordpress")?.tenant_id,
    ).to.equal("acme");
  });

  it("is none for what is no service ARN", () => {
    expect(tenantOfService("arn:aws:ecs:af-south-1:536580886816:task/x")).to.equal(undefined);
  });
});
