import { expect } from "chai";
import { createOpsProgram } from "../../ops/cli/program.ts";
import packageJson from "../../package.json" with { type: "json" };
import { workflowFiles } from "../workflows/workflow.ts";
import { complaintAbout } from "./complaint-about.ts";
import { commandsOf, documents, readDocument } from "./documents.ts";

describe("the documents' commands", () => {
  for (const path of documents) {
    it(`are understood by the programs that they call, in ${path}`, async () => {
      const complaints: string[] = [];
      for (const command of commandsOf(readDocument(path))) {
        const complaint = await complaintAbout(command);
        if (complaint !== undefined) complaints.push(`${command}: ${complaint}`);
      }
      expect(complaints).to.deep.equal([]);
    });
  }

  it("are found in blocks, in lists and amid the text", () => {
    const document =
      "Run `npm test`, not `jq`.\n\n```sh\nnpm ci && npm start   # both\n# no\nnpm run ops -- \\\n  verify dev\n```\n\n- so:\n\n  ```sh\n  npm run x\n  ```\n\n```text\nnpm no\n```\n";
    expect(commandsOf(document)).to.deep.equal([
      "npm ci",
      "npm start   # both",
      "npm run ops --    verify dev",
      "npm run x",
      "npm test",
    ]);
  });

  for (const [command, complaint] of [
    ["npm run opts -- verify dev", "there is no script opts"],
    ["npm run ops -- verifi dev", "unknown command"],
    ["npm run ops -- verify qa", "there is no environment qa"],
    ["npm run ops -- verify", "missing required argument"],
    ["npm run ops -- rollback dev", "required option '--reason"],
    ["npm run ops -- rollback dev --reason x --to last", "A version is a number"],
    ["npm run ops verify dev", "-- is missing"],
    ["npm run ci -- plann dev", "Unknown command"],
    ["npm start -- --fast", "--fast"],
    ["npx cdktf deploy state-qa", "there is no stack state-qa"],
    ["npx terrafrom plan", "there is no terrafrom"],
    ["gh workflow run deply-dev.yml --ref main", "there is no workflow deply-dev.yml"],
    ["gh workflow run deploy.yml --ref main", "deploy.yml is not started by hand"],
    ["gh workflow run plan.yml --ref main", "is not started by hand"],
    [
      "gh workflow run rollback.yml --ref main -f version=7 -f reason=x",
      "no version; missing are environment",
    ],
    ["aws ecs update-servce --cluster bbws-cluster-dev", "ecs has no update-servce"],
    ["aws ecs list-services --cluster bbws-clusters-dev", "there is no bbws-clusters-dev"],
    ["aws quantum compute", "nobody here knows aws quantum"],
    ["export AWS_PROFILE=bbws-prod", "not for this"],
    ["sam deploy", "nobody here knows sam"],
    ["npm run ops -- verify $(whoami)", "not one simple command"],
  ] as const) {
    it(`are not understood when they are wrong: ${command}`, async () => {
      expect(await complaintAbout(command)).to.include(complaint);
    });
  }
});

describe("the runbook", () => {
  const commands = commandsOf(readDocument("docs/runbook.md"));

  it("uses every command of the operator", () => {
    const program = createOpsProgram({
      run: () => Promise.resolve(),
      writeHelp: () => undefined,
      writeComplaint: () => undefined,
    });
    const names = program.commands.flatMap((command) =>
      command.commands.length === 0
        ? [command.name()]
        : command.commands.map((subcommand) => `${command.name()} ${subcommand.name()}`),
    );
    expect(names).to.include.members(["verify", "rollback", "dlq replay"]);
    for (const name of names)
      expect(
        commands.some((command) => command.replace(" --silent", "").startsWith(`npm run ops -- ${name} `)),
        name,
      ).to.be.true;
  });

  it("names every workflow, and how to start those that are started by hand", () => {
    for (const file of workflowFiles)
      expect(readDocument("docs/runbook.md")).to.include(`workflows/${file})`);
  });

  it("has every chapter that operators know", () => {
    const headings = [...readDocument("docs/runbook.md").matchAll(/^## \d+\. (.+)$/gm)].map(
      ([, title]) => title,
    );
    expect(headings).to.deep.equal([
      "Overview",
      "Prerequisites",
      "Before a deployment",
      "Deploy to DEV",
      "Verify",
      "Promote to SIT",
      "Promote to PROD",
      "After a deployment",
      "Roll back",
      "Troubleshooting",
      "Workflows",
      "Related documents",
      "Transcripts",
      "Who to ask",
      "Coming from the SAM version",
    ]);
  });
});

describe("CONTRIBUTING", () => {
  it("lists every script of package.json", () => {
    const listed = [...readDocument("CONTRIBUTING.md").matchAll(/^\| `npm (?:run )?([\w:-]+)` +\|/gm)].map(
      ([, name]) => name,
    );
    expect(listed).to.have.members(Object.keys(packageJson.scripts));
  });
});
