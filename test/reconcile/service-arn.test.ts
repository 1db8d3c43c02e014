import { expect } from "chai";
import { isInCluster, serviceNameOf } from "../../reconcile/service-arn.ts";
import { tenantOf } from "../../reconcile/service-tenant.ts";

describe("a service's ARN", () => {
  const prefix = "arn:aws:ecs:af-south-1:536580886816:service/main/";

  it("ends in its name", () => {
    expect(serviceNameOf(`${prefix}acme`)).to.equal("acme");
    expect(serviceNameOf("arn:aws:ecs:af-south-1:536580886816:service/acme")).to.equal("acme");
    expect(serviceNameOf("acme")).to.equal("acme");
  });

  for (const [arn, expected] of [
    [`${prefix}acme`, true],
    ["arn:aws:ecs:af-south-1:536580886816:service/acme", true],
    ["arn:aws:ecs:af-south-1:536580886816:service/main2/acme", false],
    ["arn:aws:ecs:af-south-1:536580886816:service/", false],
    ["arn:aws:ecs:af-south-1:536580886816:task/acme", false],
  ] as const)
    it(`${expected ? "may be" : "is not"} of the cluster: ${arn}`, () => {
      expect(isInCluster(arn, prefix)).to.equal(expected);
    });
});

describe("a service's tenant", () => {
  const tags = (tenant?: string, environment?: string) =>
    Object.entries({ "bbws:tenant-id": tenant, "bbws:environment": environment }).flatMap(([key, value]) =>
      value === undefined ? [] : [{ key, value }],
    );

  it("is the one that its tags name, of this environment", () => {
    expect(tenantOf({ tags: tags("acme", "dev") }, "dev")).to.deep.equal({
      kind: "tenant",
      tenantId: "acme",
    });
  });

  for (const [what, service, why] of [
    ["no tags at all", {}, "no bbws:tenant-id tag"],
    ["no tenant's tag", { tags: tags(undefined, "dev") }, "no bbws:tenant-id tag"],
    [
      "no environment's tag",
      { tags: tags("acme") },
      "tenant acme: bbws:environment is not set, expected dev",
    ],
    [
      "another environment's",
      { tags: tags("acme", "prod") },
      "tenant acme: bbws:environment is prod, expected dev",
    ],
  ] as const)
    it(`is nobody with ${what}, and it says why`, () => {
      expect(tenantOf(service, "dev")).to.deep.equal({ kind: "nobody", why });
    });
});
