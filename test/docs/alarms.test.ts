import { expect } from "chai";
import { loadEnvironment } from "../../envs/load.ts";
import { resourceNames } from "../../envs/resource-names.ts";
import { readDocument } from "./documents.ts";

/** The alarms that a table of the runbook leads to a chapter. */
const alarmsIn = (document: string): readonly string[] =>
  [...document.matchAll(/^\| `([a-z-]+)` +\|[^|]+\| \[[^\]]+\]\(#[^)]+\) +\|$/gm)].map(
    ([, name = ""]) => name,
  );

describe("The runbook's alarms", () => {
  const { alarmNames, alarmNamePrefix } = resourceNames(loadEnvironment("dev"));
  const all = Object.values(alarmNames).map((name) => name.slice(alarmNamePrefix.length));

  it("are all that there are, each with a chapter", () => {
    expect(alarmsIn(readDocument("docs/runbook.md"))).to.have.members(all);
  });

  it("would be missed by this test", () => {
    const document = readDocument("docs/runbook.md");
    expect(alarmsIn(document.replace(/^\| `fuse-blown`.*\n/m, ""))).to.have.lengthOf(all.length - 1);
    expect(
      alarmsIn(document.replace("[The fuse has blown](#the-fuse-has-blown)", "nowhere")),
    ).to.have.lengthOf(all.length - 1);
  });
});
