import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { ECSClient, ListClustersCommand, ListTagsForResourceCommand } from "@aws-sdk/client-ecs";
import { expect } from "chai";
import { answerAsEcs } from "../../local/local-ecs.ts";
import { listenLocally, type LocalServer } from "../../local/local-server.ts";
import { serviceArnOf } from "../handler/events.ts";

describe("The local ECS", () => {
  const tags = [{ key: "bbws:tenant-id", value: "acme" }];
  let server: LocalServer;
  let client: ECSClient;
  before(async () => {
    server = await listenLocally(
      createServer((request, response) => {
        void text(request).then((body) => {
          const call = { target: String(request.headers["x-amz-target"]), body };
          const { status, body: answer } = answerAsEcs(call, (serviceArn) =>
            serviceArn === serviceArnOf("acme") ? tags : undefined,
          );
          response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(answer);
        });
      }),
    );
    client = new ECSClient({
      endpoint: server.endpoint,
      region: "af-south-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
    });
  });
  after(async () => {
    client.destroy();
    await server.close();
  });

  const tagsOf = async (resourceArn: string): Promise<unknown> => {
    try {
      return (await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
    } catch (error) {
      return String(error);
    }
  };

  it("knows the tags of its services", async () => {
    expect(await tagsOf(serviceArnOf("acme"))).to.deep.equal(tags);
  });

  it("refuses a service that it does not have as ECS does", async () => {
    expect(await tagsOf(serviceArnOf("other"))).to.match(/^InvalidParameterException: .*not found/);
  });

  it("refuses ARNs of the old short form as ECS does", async () => {
    expect(await tagsOf("arn:aws:ecs:af-south-1:536580886816:service/web")).to.match(
      /^InvalidParameterException: Long arn format must be used/,
    );
  });

  it("refuses what it does not understand", async () => {
    const request = client.send(new ListClustersCommand({}));
    expect(await request.catch(String)).to.match(/^UnknownOperationException: Only ListTagsForResource/);
  });
});
