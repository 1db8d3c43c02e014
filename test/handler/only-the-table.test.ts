import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transitions, transitionTable } from "../../handler/transition-table.ts";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/** Sources that work with whatever the table says; a name in one of them would have to be changed with the table. */
const FOLDERS = ["ops", "page", "reconcile", "reconciler", "local", "docs/generate"];

/** Words of AWS about its own resources that a status of the table happens to share. */
const WORDS_OF_AWS: readonly (readonly [file: string, word: string, what: string])[] = [
  ["local/dynamodb-in-memory.ts", "ACTIVE", "a DynamoDB table's status"],
  ["ops/checks/directory-table.ts", "ACTIVE", "a DynamoDB table's status"],
  ["ops/checks/prerequisites.ts", "ACTIVE", "a cluster's status"],
  ["ops/checks/tenants-table.ts", "ACTIVE", "a DynamoDB table's status"],
  ["reconcile/cluster-services.ts", "ACTIVE", "a cluster's status"],
  ["reconcile/ecs-verdict.ts", "FAILED", "a deployment's rollout state"],
];

const namesOfTable = [
  ...transitionTable.eventNames,
  ...transitions.protected,
  ...transitionTable.statuses.keys(),
];

/** Which of the names a text has, as whole words. */
const namesIn = (text: string): string[] => {
  const words = new Set(text.match(/[A-Z][A-Z0-9_]+/g));
  return [...new Set(namesOfTable)].filter((name) => words.has(name));
};

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(REPOSITORY, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name)),
);

describe("only the transition table", () => {
  it("names an event or a status: no source of the tools does; read it from the table instead", () => {
    const found = sources.flatMap((file) =>
      namesIn(readFileSync(join(REPOSITORY, file), "utf8")).map((name) => `${file}: ${name}`),
    );
    expect(found).to.have.members(WORDS_OF_AWS.map(([file, word]) => `${file}: ${word}`));
  });

  it("decides which events the documents may speak of", () => {
    const documents = ["README.md", "docs/architecture.md", "docs/runbook.md"];
    for (const document of documents) {
      const text = readFileSync(join(REPOSITORY, document), "utf8");
      const named = text.match(/\b(SERVICE|DEPLOYMENT)_[A-Z_]+\b/g) ?? [];
      expect(
        named.filter((name) => !transitionTable.eventNames.includes(name)),
        document,
      ).to.deep.equal([]);
    }
  });

  it("would be told of a name in a source", () => {
    expect(namesIn(`if (event === "${transitionTable.eventNames[0] ?? ""}") stop();`)).to.have.length(1);
    expect(namesIn("NOT_ACTIVE_AT_ALL, FAILED2")).to.deep.equal([]);
  });
});
