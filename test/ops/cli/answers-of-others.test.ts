import { expect } from "chai";
import { type Aws, createAws, type CreateAws } from "../../../ops/aws/clients.ts";
import { COMMANDS } from "../every-command.ts";
import { reportOf } from "../report-of.ts";
import { run } from "../run.ts";

const PAGE = "<!DOCTYPE html>\n<html><head><title>Blocked</title></head></html>";
const IDENTITY =
  "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::536580886816:assumed-role/operator/jo</Arn>" +
  "<Account>536580886816</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";

/** The real clients, down to what reads the answer: a proxy lets STS through, and answers all else with its page. */
const behindProxy =
  (statusCode: number, stsToo = false): CreateAws =>
  (region) => {
    const aws = createAws(region);
    for (const [name, client] of Object.entries(aws) as [string, Aws["sts"]][]) {
      const isLetThrough = name === "sts" && !stsToo;
      client.config.credentials = () =>
        Promise.resolve({ accessKeyId: "recorded", secretAccessKey: "recorded" });
      client.config.requestHandler = {
        ...client.config.requestHandler,
        handle: () =>
          Promise.resolve({
            response: {
              statusCode: isLetThrough ? 200 : statusCode,
              headers: { "content-type": isLetThrough ? "text/xml" : "text/html; charset=utf-8" },
              body: Buffer.from(isLetThrough ? IDENTITY : PAGE),
            },
          } as never),
      };
    }
    return aws;
  };

const SAYS =
  "something other than AWS has answered, with a page and not with data: a proxy, or a sign-in page";

describe("a command behind a proxy", () => {
  for (const [command, words] of Object.entries(COMMANDS))
    it(`${command} takes a page for no answer of AWS, whatever its status, and says so in one line for each check`, async () => {
      for (const status of [200, 403, 404]) {
        const done = await run(`${command} ${words} --json`, { createAws: behindProxy(status) });
        expect(done.exitCode).to.be.oneOf([1, 3]);
        const asked = reportOf(done).checks.filter(
          ({ title, outcome }) =>
            (outcome === "fail" || outcome === "inconclusive") && !title.endsWith(".zip"),
        );
        expect(asked).not.to.deep.equal([]);
        for (const { title, found } of asked) expect(found, `${title}, HTTP ${status}`).to.include(SAYS);
      }
    });

  it("stops with one line when STS is behind it, too", async () => {
    for (const [command, words] of Object.entries(COMMANDS)) {
      const done = await run(`${command} ${words} --json`, { createAws: behindProxy(200, true) });
      const failed = reportOf(done).checks.filter(({ outcome }) => outcome === "fail");
      expect(failed, command).to.have.length(1);
      expect(failed[0]?.found, command).to.equal(SAYS);
    }
  });
});
