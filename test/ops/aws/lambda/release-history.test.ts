import { expect } from "chai";
import type { Alias } from "../../../../ops/aws/lambda/alias.ts";
import { findOutdated, readReleaseHistory, stampOf } from "../../../../ops/aws/lambda/release-history.ts";

const names = { backupAliasPrefix: "backup-" };

const alias = (name: string, version: string, further: readonly string[] = []): Alias => ({
  name,
  version,
  description: "",
  revisionId: "",
  shares: further.map((one) => ({ version: one, percent: 10 })),
});

const hour = (at: number): string => stampOf(new Date(Date.UTC(2026, 2, 1, at)));

/** One backup an hour, of the versions 1, 2, … */
const backups = (count: number): Alias[] =>
  Array.from({ length: count }, (_, index) => alias(`backup-${hour(index)}`, String(index + 1)));

describe("the release history", () => {
  const outdated = (live: Alias): string[] =>
    findOutdated(readReleaseHistory(backups(13), names).backups, live).map(({ version }) => version);

  it("keeps the latest ten backups", () => {
    expect(outdated(alias("latest-dev", "14"))).to.deep.equal(["3", "2", "1"]);
  });

  it("keeps the backup of the version that is live", () => {
    expect(outdated(alias("latest-dev", "2"))).to.deep.equal(["3", "1"]);
  });

  it("keeps the backup of a version that still takes a share of the traffic", () => {
    expect(outdated(alias("latest-dev", "14", ["3", "1"]))).to.deep.equal(["2"]);
  });

  it("passes over a version that was rolled back, until it is released again", () => {
    const rolledBack = [...backups(3), alias(`checkpoint-${hour(5)}`, "3")];
    const history = readReleaseHistory(rolledBack, names);
    expect(history.released).to.deep.equal(["2", "1"]);
    expect(history.rollbackOf("3")?.name).to.equal(`checkpoint-${hour(5)}`);
    expect(history.rollbackOf("2")).to.equal(undefined);

    const releasedAgain = readReleaseHistory([...rolledBack, alias(`backup-${hour(6)}`, "3")], names);
    expect(releasedAgain.released).to.deep.equal(["3", "2", "1"]);
    expect(releasedAgain.rollbackOf("3")).to.equal(undefined);
  });

  it("does not take another alias for a backup", () => {
    const others = [alias("backup-of-mine", "9"), alias("latest-dev", "9"), alias("backup-20260301T00", "9")];
    const { backups: found, checkpoints } = readReleaseHistory([...others, ...backups(1)], names);
    expect(found.map(({ version }) => version)).to.deep.equal(["1"]);
    expect(checkpoints).to.deep.equal([]);
  });
});
