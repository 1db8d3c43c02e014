import { expect } from "chai";
import { FIXED_COMMANDS } from "../../ci/fixed-commands.ts";
import { commandsOf, readDocument } from "./documents.ts";
import { splitWords } from "./split-words.ts";

/** Commands that look besides those of operate.yml, and what makes them do more. */
const LOOKING: readonly string[] = [
  ...Object.values(FIXED_COMMANDS)
    .filter(({ changes }) => !changes)
    .map(({ args }) => args.join(" ")),
  "dlq count",
  "gate",
  "monitor",
];

/** What would need credentials that may change PROD, of commands that are typed on a machine. */
const changesOfProd = (commands: readonly string[]): readonly string[] =>
  commands.filter((command) => {
    const [, , , , ...words] = splitWords(command) ?? [];
    if (!command.startsWith("npm run ops -- ") || !words.includes("prod")) return false;
    const name = words.slice(0, words.indexOf("prod")).join(" ");
    return !LOOKING.includes(name) || words.includes("--apply") || words.includes("--rollback");
  });

describe("The runbook's commands", () => {
  it("change nothing in PROD from a machine, as its table of access says", () => {
    const runbook = readDocument("docs/runbook.md");
    expect(runbook).to.match(
      /^\| AWS credentials on your machine \| to deploy +\| to deploy +\| to read +\|$/m,
    );
    expect(changesOfProd(commandsOf(runbook))).to.deep.equal([]);
  });

  it("would be found by this test", () => {
    const changing = [
      "npm run ops -- deploy prod",
      'npm run ops -- rollback prod --reason "x"',
      "npm run ops -- reconcile prod --apply",
      "npm run ops -- dlq replay prod --apply",
      "npm run ops -- monitor prod --minutes 5 --rollback",
    ];
    const looking = [
      "npm run ops -- verify prod",
      "npm run ops -- dlq peek prod --limit 5",
      "npm run ops -- reconcile prod",
      "npm run ops -- deploy dev",
    ];
    expect(changesOfProd([...changing, ...looking])).to.deep.equal(changing);
  });
});
