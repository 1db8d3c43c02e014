import { expect } from "chai";
import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { createAws } from "../../../ops/aws/clients.ts";

const HTML = { "content-type": "text/html; charset=utf-8" };

describe("an answer that says that it is a page", () => {
  const ask = (headers: Readonly<Record<string, string>>, body: string) => {
    const { cloudWatchLogs } = createAws("af-south-1");
    cloudWatchLogs.config.credentials = () =>
      Promise.resolve({ accessKeyId: "recorded", secretAccessKey: "recorded" });
    cloudWatchLogs.config.requestHandler = {
      ...cloudWatchLogs.config.requestHandler,
      handle: () =>
        Promise.resolve({ response: { statusCode: 200, headers, body: Buffer.from(body) } } as never),
    };
    return cloudWatchLogs.send(new DescribeLogGroupsCommand({}));
  };

  it("is refused where AWS has given it no id", async () => {
    const failed = await ask(HTML, "<html></html>").then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failed).to.include({ name: "PageError" });
  });

  for (const id of ["x-amzn-requestid", "x-amz-request-id"])
    it(`is AWS's with ${id}: an emulator calls its data so, and S3 has pages for objects`, async () => {
      expect(await ask({ ...HTML, [id]: "1" }, '{"logGroups":[]}')).to.deep.include({ logGroups: [] });
    });
});
