import { GetAliasCommand } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { recordedAws } from "./recorded-aws.ts";

describe("a recorded AWS", () => {
  const answers = { GetAliasCommand: () => ({ FunctionVersion: "7" }) };

  it("answers a request that the client would send", async () => {
    const aws = recordedAws(answers);
    const { lambda } = aws.createAws("af-south-1");
    const answer = await lambda.send(new GetAliasCommand({ FunctionName: "f", Name: "latest-dev" }));
    expect(answer.FunctionVersion).to.equal("7");
    expect(aws.callsOf("GetAliasCommand")).to.deep.equal([{ FunctionName: "f", Name: "latest-dev" }]);
  });

  it("does not answer a request that the client refuses", async () => {
    const { lambda } = recordedAws(answers).createAws("af-south-1");
    const refused = await lambda
      .send(new GetAliasCommand({ FunctionName: undefined, Name: undefined }))
      .catch((error: unknown) => error);
    expect(refused).to.be.an("error");
    expect(String(refused)).to.match(/No value provided for input HTTP label: FunctionName/);
  });
});
