import type { ECSClient } from "@aws-sdk/client-ecs";
import { expect } from "chai";
import sinon from "sinon";
import { TagLookupError } from "../../handler/errors.ts";
import { createTenantLookup, type TenantLookup } from "../../handler/tenant-lookup.ts";
import { serviceArnOf, tagsOf } from "./events.ts";

const failure = (name: string, message: string): Error => Object.assign(new Error(message), { name });

describe("tenant look-up in ECS", () => {
  const send = sinon.stub();
  let now = 0;
  const lookUp = (maxEntries?: number): TenantLookup =>
    createTenantLookup({
      ecs: { send } as unknown as ECSClient,
      now: () => now,
      ...(maxEntries === undefined ? {} : { maxEntries }),
    });
  const arn = serviceArnOf("acme");

  beforeEach(() => {
    send.reset();
    send.callsFake(({ input }: { input: { resourceArn: string } }) =>
      Promise.resolve({ tags: tagsOf(/tenant-(.*)-wordpress/.exec(input.resourceArn)?.[1]) }),
    );
    now = 0;
  });

  it("asks for the service's tags", async () => {
    expect(await lookUp()(arn)).to.deep.equal({ tenantId: "acme", environment: "dev" });
    expect(send.firstCall.args[0]).to.have.deep.property("input", { resourceArn: arn });
  });

  it("asks once in five minutes", async () => {
    const tenantOf = lookUp();
    await tenantOf(arn);
    now = 5 * 60 * 1000 - 1;
    await tenantOf(arn);
    expect(send.callCount).to.equal(1);
    now += 1;
    await tenantOf(arn);
    expect(send.callCount).to.equal(2);
  });

  it("shares one request among concurrent events of one service", async () => {
    const tenantOf = lookUp();
    const found = await Promise.all([
      tenantOf(arn),
      tenantOf(arn),
      tenantOf(serviceArnOf("other")),
      tenantOf(arn),
    ]);
    expect(found.map((tags) => tags?.tenantId)).to.deep.equal(["acme", "acme", "other", "acme"]);
    expect(send.callCount).to.equal(2);
  });

  it("forgets the oldest services when it would remember too many", async () => {
    const tenantOf = lookUp(2);
    for (const id of ["a", "b", "c"]) await tenantOf(serviceArnOf(id));
    await tenantOf(serviceArnOf("c"));
    await tenantOf(serviceArnOf("b"));
    expect(send.callCount).to.equal(3);
    await tenantOf(serviceArnOf("a"));
    expect(send.callCount).to.equal(4);
  });

  it("does not remember that a service has no tenant: the tag may be added any time", async () => {
    const tenantOf = lookUp();
    send.resolves({});
    expect(await tenantOf(arn)).to.deep.equal({});
    await tenantOf(arn);
    expect(send.callCount).to.equal(2);
  });

  const gone: [name: string, message: string][] = [
    ["ClusterNotFoundException", "Cluster not found."],
    ["ServiceNotFoundException", "Service not found."],
    ["ServiceNotActiveException", "Service was not ACTIVE."],
    ["ResourceNotFoundException", "The specified resource wasn't found."],
    [
      "InvalidParameterException",
      "The specified service was not found. Specify a valid service ARN and try again.",
    ],
    [
      "InvalidParameterException",
      "The specified cluster is inactive. Specify an active cluster and try again.",
    ],
  ];
  for (const [name, message] of gone) {
    it(`takes ${name}, "${message}", for a service that is gone`, async () => {
      send.rejects(failure(name, message));
      expect(await lookUp()(arn)).to.equal(undefined);
    });
  }

  const trouble: [name: string, message: string][] = [
    ["ThrottlingException", "Rate exceeded"],
    ["ServerException", "Internal error"],
    ["AccessDeniedException", "User is not authorized to perform: ecs:ListTagsForResource"],
    ["InvalidParameterException", "Long arn format must be used for tagging operations"],
    ["TimeoutError", "socket timed out"],
  ];
  for (const [name, message] of trouble) {
    it(`throws on ${name}, "${message}", and asks anew the next time`, async () => {
      const tenantOf = lookUp();
      send.onFirstCall().rejects(failure(name, message));
      const error: unknown = await tenantOf(arn).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(TagLookupError);
      expect(String(error)).to.equal(
        `TagLookupError: Failed to look up the tags of ${arn}: ${name}: ${message}`,
      );
      expect(await tenantOf(arn)).to.include({ tenantId: "acme" });
    });
  }

  it("throws on something that is no error at all", async () => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- that is what is tried here
    send.callsFake(() => Promise.reject("nonsense"));
    const error: unknown = await lookUp()(arn).catch((reason: unknown) => reason);
    expect(String(error)).to.contain("nonsense");
  });
});
