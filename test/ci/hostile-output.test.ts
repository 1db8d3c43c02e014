import { expect } from "chai";
import fc from "fast-check";
import { tenantDrift } from "../../ci/drift/tenants-in-markdown.ts";
import { commitsInMarkdown } from "../../ci/github/commits-between.ts";
import { planInMarkdown } from "../../ci/plan/plan-in-markdown.ts";
import { originInMarkdown } from "../../ci/release/origin-in-markdown.ts";
import { describeRecord } from "../../ops/aws/lambda/release-record.ts";
import { liveLine } from "../checklist/hostile-text.ts";
import { hostileDev } from "../ops/hostile-dev.ts";
import { type GitHubServer, startGitHub } from "./github-server.ts";
import { CONTROLS, hostileMarkdown } from "./hostile-markdown.ts";
import { createJob } from "./job.ts";
import { kindsIn } from "./kinds-in-markdown.ts";

const OLD = "a".repeat(40);
const NEW = "b".repeat(40);

/** Of itself, a step's Markdown has these; what others are called must add none: no link, image, HTML, quote or heading. */
const PLAIN = [
  "paragraph",
  "text",
  "escape",
  "space",
  "codespan",
  "code",
  "table",
  "list",
  "list_item",
  "strong",
];

/** @param headings how many the step itself writes. */
const expectNothingLive = (markdown: string, headings: number): void => {
  for (const kind of kindsIn(markdown)) expect([...PLAIN, "heading"], markdown).to.include(kind);
  expect(
    markdown.split("\n").filter((line) => /^ {0,3}#/.test(line) && !isInBlock(markdown, line)),
  ).to.have.length(headings);
  expect(markdown).not.to.match(CONTROLS);
};

/** A transcript is one block of code, whose fence is longer than any in it. */
const isInBlock = (markdown: string, line: string): boolean => {
  const fence = /^(`{3,})text$/m.exec(markdown);
  return fence !== null && markdown.lastIndexOf(line) > fence.index;
};

describe("hostile text in what the workflows' steps show", () => {
  let github: GitHubServer;
  before(async () => {
    github = await startGitHub();
  });
  after(() => github.close());

  /** A variable's value has no end within it, and is never empty. */
  const inVariable = hostileMarkdown.filter((text) => text !== "");

  it("adds nothing to the summary of an operator's command", async function () {
    // A hundred runs of a command: on a busy machine they take their time.
    this.timeout(600_000);
    await fc.assert(
      fc.asyncProperty(hostileMarkdown, async (text) => {
        for (const command of ["status", "reconcile"]) {
          const job = createJob({ answers: hostileDev(text) });
          await job.run("ops", command, "dev");
          expectNothingLive(job.summary(), 1);
          expect(liveLine(job.log().replaceAll("\n", "\n>"))).to.be.undefined;
          job.remove();
        }
      }),
      { numRuns: 15 },
    );
  });

  it("adds nothing to the record of who operated, and why", async () => {
    await fc.assert(
      fc.asyncProperty(inVariable, inVariable, async (actor, reason) => {
        const job = createJob({
          answers: hostileDev("x"),
          variables: { GITHUB_ACTOR: actor, REASON: reason },
        });
        await job.run("operate", "look", "dev", "status");
        expectNothingLive(job.summary(), 1);
        job.remove();
      }),
      { numRuns: 30 },
    );
  });

  it("adds nothing to the record of who skipped the tests, besides the warning's quote", async () => {
    await fc.assert(
      fc.asyncProperty(inVariable, async (actor) => {
        const job = createJob({ variables: { GITHUB_ACTOR: actor } });
        await job.run("skipped-tests");
        const [warning = "", line = "", ...more] = job.summary().trimEnd().split("\n");
        expect(warning).to.equal("> [!WARNING]");
        expect(more).to.be.empty;
        expectNothingLive(line.slice(2), 0);
        job.remove();
      }),
      { numRuns: 50 },
    );
  });

  it("adds nothing to the list of commits that a release would bring", async () => {
    await fc.assert(
      fc.asyncProperty(hostileMarkdown, hostileMarkdown, async (message, name) => {
        const description = describeRecord({
          action: "release",
          version: "7",
          at: new Date(0),
          before: undefined,
          origin: { kind: "workflow", commit: OLD, run: "1", gatesSkippedBy: undefined },
          by: undefined,
          deadLetters: undefined,
          reason: message,
        });
        const answers = { GetAliasCommand: () => ({ Description: description }) };
        github.answers.set(`GET /repos/owner/repo/compare/${OLD}...${NEW}`, {
          ahead_by: 1,
          behind_by: 0,
          total_commits: 1,
          commits: [{ sha: NEW, commit: { message, author: { name } } }],
        });
        const job = createJob({ answers, variables: github.variables });
        const markdown = await commitsInMarkdown(job.context, "sit", NEW);
        expect(markdown).to.include("bbbbbbb");
        expectNothingLive(markdown, 1);
        job.remove();
      }),
      { numRuns: 50 },
    );
  });

  it("adds nothing to the report of drift, which becomes an issue", () => {
    fc.assert(
      fc.property(hostileMarkdown, (text) => {
        const tenant = {
          tenantId: text,
          rowSays: text,
          ecsSays: text,
          because: text,
          why: text,
          isLost: true,
          cure: text,
        };
        const stdout = JSON.stringify({
          result: {
            tenants: 1,
            drift: [tenant],
            tenantsWithoutService: [tenant],
            malformedRows: [],
            rowsAhead: [tenant],
          },
        });
        expectNothingLive(tenantDrift(stdout)?.markdown ?? "# nothing", 1);
      }),
      { numRuns: 300 },
    );
  });

  it("adds nothing to a plan, which becomes a comment, nor to where a release comes from", () => {
    fc.assert(
      fc.property(hostileMarkdown, (text) => {
        expectNothingLive(
          planInMarkdown("dev", [{ address: text, action: "destroy", attributes: [text], digest: "" }]),
          1,
        );
        expectNothingLive(
          originInMarkdown({ kind: "workflow", commit: OLD, run: "1", gatesSkippedBy: text }),
          0,
        );
      }),
      { numRuns: 300 },
    );
  });
});
