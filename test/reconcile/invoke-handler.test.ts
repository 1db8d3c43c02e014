import type { LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { describeInvoked, type Invoked, invokeHandler } from "../../reconcile/invoke-handler.ts";
import { ServiceError, startLocalAws } from "../ops/local-aws.ts";

describe("an invocation of the handler", () => {
  const target = { functionName: "handler", qualifier: "latest-dev" };

  /** Over HTTP, by a real client. */
  const invoke = async (
    handler: (event: unknown, qualifier: string) => Promise<unknown>,
    signal?: AbortSignal,
  ): Promise<Invoked> => {
    const aws = await startLocalAws({ handler });
    try {
      return await invokeHandler(aws.createAws("af-south-1").lambda, target, { id: "e1" }, signal);
    } finally {
      await aws.close();
    }
  };
  const answering = (answer: unknown) => invoke(() => Promise.resolve(answer));

  it("sends the event to the alias, and returns the answer", async () => {
    const sent: unknown[] = [];
    const answer = { status: "success", tenantId: "acme", tenantStatus: "ACTIVE" };
    const invoked = await invoke((event, qualifier) => {
      sent.push([event, qualifier]);
      return Promise.resolve(answer);
    }, AbortSignal.timeout(20_000));
    expect(sent).to.deep.equal([[{ id: "e1" }, "latest-dev"]]);
    expect(invoked).to.deep.equal({ kind: "answered", answer });
    expect(describeInvoked(invoked)).to.equal("success (acme ACTIVE)");
    const ignored = await answering({ status: "ignored", reason: "unknown_tenant" });
    expect(ignored.kind).to.equal("answered");
    expect(describeInvoked(ignored)).to.equal("ignored (unknown_tenant)");
  });

  for (const answer of [
    null,
    "success",
    {},
    { status: "ignored" },
    { status: "ignored", reason: 7 },
    { status: "other", tenantId: "acme" },
    { status: "success" },
    { status: "success", tenantId: 7 },
  ])
    it(`has failed when it answers ${JSON.stringify(answer)}`, async () => {
      expect(await answering(answer)).to.deep.equal({
        kind: "threw",
        error: { errorType: "NoAnswer", errorMessage: `answered ${JSON.stringify(answer)}` },
      });
    });

  it("has failed when the handler throws, and quotes what it says", async () => {
    const invoked = await invoke(() => Promise.reject(new RangeError("out of luck")));
    expect(invoked).to.deep.equal({
      kind: "threw",
      error: { errorType: "RangeError", errorMessage: "out of luck" },
    });
    expect(describeInvoked(invoked)).to.equal("threw RangeError: out of luck");
  });

  it("quotes the first 200 characters of what nobody foresaw", async () => {
    const returning = (FunctionError: string | undefined, text: string | undefined): Promise<Invoked> =>
      invokeHandler(
        {
          send: () =>
            Promise.resolve({ FunctionError, Payload: text === undefined ? undefined : Buffer.from(text) }),
        } as unknown as LambdaClient,
        target,
        {},
      );
    const long = "x".repeat(300);
    const short = "x".repeat(200);
    const unhandled = (errorMessage: string) => ({
      kind: "threw",
      error: { errorType: "Unhandled", errorMessage },
    });
    expect(await returning("Unhandled", long)).to.deep.equal(unhandled(short));
    for (const text of ["null", "7", "{}", '{"errorType":7,"errorMessage":null}'])
      expect(await returning("Unhandled", text), text).to.deep.equal(unhandled(text));
    expect(await returning(undefined, long)).to.have.nested.property(
      "error.errorMessage",
      `answered ${short}`,
    );
    expect(await returning(undefined, undefined)).to.have.nested.property("error.errorMessage", "answered ");
  });

  it("is not one when Lambda does not get as far as the handler, or time is up", async () => {
    const denied = invoke(() => Promise.reject(new ServiceError("AccessDeniedException", "denied", 403)));
    expect(await denied.then(() => "", String)).to.include("denied");
    const late = invoke(() => Promise.resolve({}), AbortSignal.abort());
    expect(await late.then(() => "", String)).to.match(/AbortError/);
  });
});
