import { expect } from "chai";
import { UsageError } from "../../local/errors.ts";
import { HELP } from "../../local/help.ts";
import { parseOptions } from "../../local/options.ts";

describe("The options of npm start", () => {
  it("have defaults", () => {
    expect(parseOptions([])).to.deep.equal({
      eventsFile: undefined,
      tenantsFile: undefined,
      environment: "dev",
      clusterArn: undefined,
      json: false,
      speed: undefined,
      verbose: false,
    });
  });

  it("are read", () => {
    const clusterArn = "arn:aws:ecs:eu-west-1:123456789012:cluster/other";
    const args = ["--events", "-", "--tenants=t.json", "--env", "sit", "--cluster", clusterArn];
    expect(parseOptions([...args, "--json", "--speed", "0.5", "--verbose"])).to.deep.equal({
      eventsFile: "-",
      tenantsFile: "t.json",
      environment: "sit",
      clusterArn,
      json: true,
      speed: 0.5,
      verbose: true,
    });
  });

  it("are all explained by --help", () => {
    expect(parseOptions(["--help"])).to.equal("help");
    for (const option of ["events", "tenants", "env", "cluster", "json", "speed", "verbose", "help"]) {
      expect(HELP).to.include(`  --${option}`);
    }
  });

  const mistakes: [args: string[], sentence: RegExp][] = [
    [["--evnets", "x"], /^Unknown option '--evnets'\. See npm start -- --help$/],
    [["x.ndjson"], /^Unexpected argument 'x\.ndjson'\. See/],
    [["--events"], /^Option '--events <value>' argument missing\. See/],
    [["--events", "--json"], /^Option '--events' needs a value\. See/],
    [["--json=yes"], /^Option '--json' does not take an argument\. See/],
    [["--speed", "fast"], /^--speed is "fast": it must be a number above 0/],
    [["--speed", "0"], /^--speed is "0"/],
    [["--speed", ""], /^--speed is ""/],
    [["--speed", "Infinity"], /^--speed is "Infinity"/],
    [["--env", "DEV"], /^--env is "DEV": it must be an environment's name/],
    [["--cluster", "bbws-cluster-dev"], /^--cluster is "bbws-cluster-dev": it must be the ARN/],
  ];
  for (const [args, sentence] of mistakes) {
    it(`refuse ${args.join(" ")} in one sentence`, () => {
      expect(() => parseOptions(args))
        .to.throw(UsageError, sentence)
        .with.property("message")
        .that.does.not.include("\n");
    });
  }
});
