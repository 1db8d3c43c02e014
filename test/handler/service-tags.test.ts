import type { ECSClient } from "@aws-sdk/client-ecs";
import { ListTagsForResourceCommand } from "@aws-sdk/client-ecs";
import { expect } from "chai";
import sinon from "sinon";
import { TagLookupError } from "../../handler/errors.ts";
import { createServiceTags, type ServiceTags } from "../../handler/service-tags.ts";
import { serviceArnOf, tagsOf } from "./events.ts";

const failure = (name: string, message: string): Error => Object.assign(new Error(message), { name });

describe("asking ECS for a service's tenant", () => {
  const send = sinon.stub();
  const createEcsClient = sinon.stub<[maxAttempts: number], ECSClient>();
  const load = sinon.stub();
  const arn = serviceArnOf("acme");
  let ask: ServiceTags;

  beforeEach(() => {
    send.reset();
    send.resolves({ tags: tagsOf("acme") });
    createEcsClient.reset();
    createEcsClient.returns({ send } as unknown as ECSClient);
    load.reset();
    load.resolves({ createEcsClient, ListTagsForResourceCommand });
    ask = createServiceTags(load);
  });

  it("asks for the service's tags", async () => {
    expect(await ask(arn, "once")).to.deep.equal({ tenantId: "acme", environment: "dev" });
    const [command, options] = send.firstCall.args as [unknown, unknown];
    expect(command).to.have.deep.property("input", { resourceArn: arn });
    expect(options).to.have.property("abortSignal").that.is.instanceOf(AbortSignal);
  });

  it("loads the ECS client only when ECS is asked, and makes one for each persistence", async () => {
    expect(load.callCount).to.equal(0);
    for (const persistence of ["once", "with_retries", "once", "with_retries"] as const)
      await ask(arn, persistence);
    expect(createEcsClient.args).to.deep.equal([[1], [4]]);
  });

  it("takes nothing but an error for what ECS says", async () => {
    load.rejects({ name: "ServiceNotFoundException" });
    const error: unknown = await ask(arn, "once").catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(TagLookupError);
  });

  it("reads no tenant from a service without tags", async () => {
    send.resolves({});
    expect(await ask(arn, "once")).to.deep.equal({ tenantId: undefined, environment: undefined });
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
    ["ClientException", "The service does not exist"],
  ];
  for (const [name, message] of gone) {
    it(`takes ${name}, "${message}", for a service that is gone`, async () => {
      send.rejects(failure(name, message));
      expect(await ask(arn, "with_retries")).to.equal(undefined);
    });
  }

  const trouble: [name: string, message: string][] = [
    ["ThrottlingException", "Rate exceeded"],
    ["ServerException", "Internal error"],
    ["ServerException", "The route was not found"],
    ["AccessDeniedException", "User is not authorized to perform: ecs:ListTagsForResource"],
    ["InvalidParameterException", "Long arn format must be used for tagging operations"],
    ["TimeoutError", "socket timed out"],
  ];
  for (const [name, message] of trouble) {
    it(`throws on ${name}, "${message}"`, async () => {
      send.rejects(failure(name, message));
      const error: unknown = await ask(arn, "with_retries").catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(TagLookupError);
      expect(String(error)).to.equal(
        `TagLookupError: Failed to look up the tags of ${arn}: ${name}: ${message}`,
      );
    });
  }

  it("throws on something that is no error at all", async () => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- that is what is tried here
    send.callsFake(() => Promise.reject("nonsense"));
    const error: unknown = await ask(arn, "once").catch((reason: unknown) => reason);
    expect(String(error)).to.equal(`TagLookupError: Failed to look up the tags of ${arn}: nonsense`);
  });
});
