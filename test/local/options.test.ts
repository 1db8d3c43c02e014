import { expect } from "chai";
import { UsageError } from "../../local/errors.ts";
import { parseOptions } from "../../local/options.ts";
import { defaultOptions } from "./default-options.ts";

describe("The options of npm start", () => {
  it("have defaults", () => {
    expect(parseOptions([])).to.deep.equal(defaultOptions);
  });

  it("are read", () => {
    const clusterArn = "arn:aws:ecs:eu-west-1:123456789012:cluster/other";
    const args = [
      "--events",
      "-",
      "--tenants=t.json",
      "--from-rows",
      "r.json",
      "--env",
      "sit",
      "--cluster",
      clusterArn,
    ];
    expect(parseOptions([...args, "--json", "--speed", "0.5", "--verbose", "--timings"])).to.deep.equal({
      eventsFile: "-",
      tenantsFile: "t.json",
      rowsFile: "r.json",
      environment: "sit",
      clusterArn,
      json: true,
      speed: 0.5,
      verbose: true,
      timings: true,
      htmlFile: undefined,
      serve: undefined,
    });
  });

  it("are all explained by --help", () => {
    const { help } = parseOptions(["--help"]) as { help: string };
    for (const option of [
      "events",
      "tenants",
      "from-rows",
      "env",
      "cluster",
      "json",
      "speed",
      "verbose",
      "help",
    ]) {
      expect(help).to.match(new RegExp(`^  (-h, )?--${option} `, "m"));
    }
  });

  const mistakes: [args: string[], sentence: RegExp][] = [
    [["--evnets", "x"], /^Unknown option '--evnets' \(Did you mean --events\?\)$/],
    [["x.ndjson"], /^Too many arguments\. Expected 0 arguments but got 1$/],
    [["--events"], /^Option '--events <file>' argument missing$/],
    [["--events", "--json"], /^Option '--events <file>' argument '--json' is invalid\. It must be a file/],
    [["--json=yes"], /^Unknown option '--json=yes'/],
    [["--speed", "fast"], /^Option '--speed <n>' argument 'fast' is invalid\. It must be a number above 0/],
    [["--speed", "0"], /^Option '--speed <n>' argument '0' is invalid/],
    [["--speed", ""], /^Option '--speed <n>' argument '' is invalid/],
    [["--speed", "Infinity"], /^Option '--speed <n>' argument 'Infinity' is invalid/],
    [["--env", "DEV"], /^Option '--env <name>' argument 'DEV' is invalid\. It must be an environment's name/],
    [["--cluster", "bbws-cluster-dev"], /is invalid\. It must be the ARN of an ECS cluster/],
  ];
  for (const [args, sentence] of mistakes) {
    it(`refuse ${args.join(" ")} in one sentence, and say which command explains them`, () => {
      expect(() => parseOptions(args))
        .to.throw(UsageError, sentence)
        .that.includes({ hint: "See", next: "npm start -- --help" })
        .with.property("message")
        .that.does.not.include("\n");
    });
  }
});
